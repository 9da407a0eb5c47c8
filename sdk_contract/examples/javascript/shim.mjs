#!/usr/bin/env node
// The shim of CONFORMANCE.md, step 2: one line of JSON in, one line out.

import { createInterface } from "node:readline";

import { holds } from "./conditions.mjs";
import { bucket, bucketRanges, chooseVariation, fnv1a32, inNamespace } from "./hashing.mjs";
import { cost, found } from "./patterns.mjs";
import { hashAttribute, identical, lookup, number, relate, text, truthy } from "./values.mjs";
import { compareVersions } from "./versions.mjs";

const LACKING = [
  "bandits", "beacons", "context", "evaluate", "features", "lifecycle", "manifest",
  "messages", "ordering", "place", "profile", "sticky", "time",
];
const DESCRIPTION = {
  sdk: "herenow-javascript-example",
  version: "1.0.0",
  spec: "1.0",
  capabilities: [],
  unsupported: Object.fromEntries(LACKING.map((name) => [name, "this example stops after chapter 6"])),
};
const RELATIONS = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

const OPERATIONS = {
  describe: () => DESCRIPTION,
  coerce: ({ value }) => ({ text: text(value), number: String(number(value)), truthy: truthy(value) }),
  relate: ({ left, right }) => [
    ...(identical(left, right) ? ["==="] : []),
    ...Object.keys(RELATIONS).filter((sign) => relate(RELATIONS[sign], left, right)),
  ],
  attribute: ({ attributes, path, hashed }) => (hashed ? hashAttribute : lookup)(attributes, path),
  hash: (given) => fnv1a32(given.text),
  bucket: ({ seed, value, version }) => bucket(seed, value, version),
  "bucket-ranges": ({ count, coverage, weights }) => bucketRanges(count, coverage ?? 1, weights ?? null),
  "choose-variation": ({ point, ranges }) => chooseVariation(point, ranges),
  namespace: ({ value, namespace, range }) => inNamespace(value, namespace, range),
  "version-compare": ({ left, right }) => compareVersions(left, right),
  condition: ({ condition, attributes, groups }) => holds(condition, attributes, groups),
  regex: ({ pattern, value, ignore_case }) => found(pattern, value, ignore_case),
  "regex-bound": ({ pattern }) => cost(pattern),
};

function answer(op, given, capability) {
  if (!Object.hasOwn(OPERATIONS, op)) return { unsupported: capability };
  try {
    return { result: OPERATIONS[op](given) };
  } catch (refused) {
    if (refused.code) return { error: { code: refused.code } };
    throw refused;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, given, capability } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id, ...answer(op, given, capability) })}\n`);
}
