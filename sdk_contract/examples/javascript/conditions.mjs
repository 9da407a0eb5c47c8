// Chapter 6: conditions.

import { found } from "./patterns.mjs";
import { identical, isObject, jsonText, lookup, number, relate, text, truthy } from "./values.mjs";
import { compareVersions } from "./versions.mjs";

const MAX_NAMES = 24;

/** Whether the condition holds for the attributes. Never throws. */
export function holds(condition, attributes, groups = {}, names = 0) {
  if (!isObject(condition)) return false; // 6.1.1
  return Object.entries(condition).every(
    ([name, part]) => names < MAX_NAMES && clause(name, part, attributes, groups, names + 1),
  );
}

/** 6.1.2 to 6.1.4 */
function clause(name, part, attributes, groups, names) {
  const each = (condition) => holds(condition, attributes, groups, names);
  switch (name) {
    case "$not":
      return isObject(part) && !each(part);
    case "$and":
      return Array.isArray(part) && part.every(each);
    case "$or":
      return Array.isArray(part) && any(part, each);
    case "$nor":
      return Array.isArray(part) && !any(part, each);
    default:
      return valueHolds(part, lookup(attributes, name), groups, names);
  }
}

const any = (conditions, each) => conditions.length === 0 || conditions.some(each);

/** 6.2; `fold` compares texts in lower case (6.3.7). */
function valueHolds(part, value, groups, names, fold = false) {
  if (typeof part === "string") return fold ? text(value).toLowerCase() === part.toLowerCase() : text(value) === part;
  if (typeof part === "number") return number(value) === part;
  if (typeof part === "boolean") return value !== null && truthy(value) === part;
  if (part === null) return value === null;
  if (!isOperators(part)) return jsonText(part) === jsonText(value);
  return Object.entries(part).every(
    ([name, expected]) =>
      names < MAX_NAMES && Object.hasOwn(OPERATORS, name) && OPERATORS[name](value, expected, { groups, names: names + 1 }),
  );
}

function isOperators(part) {
  const members = isObject(part) ? Object.keys(part) : [];
  return members.length > 0 && members.every((name) => name.startsWith("$"));
}

const list = (value) => (Array.isArray(value) ? value : [value]);
const lower = (value) => (typeof value === "string" ? value.toLowerCase() : value);
const member = (value, expected) => list(value).some((part) => expected.some((each) => identical(part, each)));
const lowerMember = (value, expected) => member(list(value).map(lower), expected.map(lower));
const group = (expected, { groups }) => {
  const id = text(expected);
  return isObject(groups) && Object.hasOwn(groups, id) && Array.isArray(groups[id]) ? groups[id] : [];
};
const all = (fold) => (value, expected, { groups, names }) =>
  Array.isArray(expected) &&
  Array.isArray(value) &&
  expected.every((each) => value.some((part) => valueHolds(each, part, groups, names, fold)));

function elementHolds(part, expected, { groups, names }) {
  if (!truthy(part)) return false;
  return isOperators(expected) ? valueHolds(expected, part, groups, names) : holds(expected, part, groups, names);
}

function matches(value, expected, ignoreCase) {
  try {
    return found(expected, value, ignoreCase);
  } catch (unfit) {
    if (unfit.code) return false; // 6.4.7
    throw unfit;
  }
}

function typeName(value) {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** 6.3 */
const OPERATORS = {
  $eq: identical,
  $ne: (value, expected) => !identical(value, expected),
  $lt: (value, expected) => relate((a, b) => a < b, value, expected),
  $lte: (value, expected) => relate((a, b) => a <= b, value, expected),
  $gt: (value, expected) => relate((a, b) => a > b, value, expected),
  $gte: (value, expected) => relate((a, b) => a >= b, value, expected),
  $exists: (value, expected) => (value !== null) === truthy(expected),
  $in: (value, expected) => Array.isArray(expected) && member(value, expected),
  $nin: (value, expected) => Array.isArray(expected) && !member(value, expected),
  $ini: (value, expected) => Array.isArray(expected) && lowerMember(value, expected),
  $nini: (value, expected) => Array.isArray(expected) && !lowerMember(value, expected),
  $inGroup: (value, expected, around) => member(value, group(expected, around)),
  $notInGroup: (value, expected, around) => !member(value, group(expected, around)),
  $all: all(false),
  $alli: all(true),
  $size: (value, expected, { groups, names }) =>
    Array.isArray(value) && valueHolds(expected, value.length, groups, names),
  $elemMatch: (value, expected, around) =>
    isObject(expected) && Array.isArray(value) && value.some((part) => elementHolds(part, expected, around)),
  $regex: (value, expected) => matches(value, expected, false),
  $regexi: (value, expected) => matches(value, expected, true),
  $type: (value, expected) => typeName(value) === expected,
  $not: (value, expected, { groups, names }) => !valueHolds(expected, value, groups, names),
  $veq: (value, expected) => compareVersions(value, expected) === 0,
  $vne: (value, expected) => compareVersions(value, expected) !== 0,
  $vlt: (value, expected) => compareVersions(value, expected) < 0,
  $vlte: (value, expected) => compareVersions(value, expected) <= 0,
  $vgt: (value, expected) => compareVersions(value, expected) > 0,
  $vgte: (value, expected) => compareVersions(value, expected) >= 0,
};
