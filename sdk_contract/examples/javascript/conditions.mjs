// Chapter 6: conditions, compiled once into functions of what they judge.

import { found } from "./patterns.mjs";
import { identical, isObject, jsonText, lookup, number, relate, text, truthy } from "./values.mjs";
import { compareVersions } from "./versions.mjs";

const MAX_NAMES = 24;
const MAX_REFERENCES = 200;
const never = () => false;

/** Whether the condition holds for the attributes; `groups` are saved groups by id. Never throws. */
export function holds(condition, attributes, groups = {}) {
  return compile(condition, groups)(attributes);
}

/** A function that takes attributes and tells whether the condition holds for them. */
export function compile(condition, groups = {}) {
  return conditionTest(condition, { groups, names: 0, resolving: [], met: { references: 0 } });
}

// `around` is what a part stands in: the groups, how many names lead to it (6.5.1), which groups are being resolved
// (6.1.5), and, shared by the whole condition, how many references were met (6.5.3).

function conditionTest(condition, around) {
  return isObject(condition) ? every(condition, around, clauseTest) : never; // 6.1.1
}

function every(object, around, compilePart) {
  const within = { ...around, names: around.names + 1 };
  const tests = Object.entries(object).map(([name, part]) =>
    around.names < MAX_NAMES ? compilePart(name, part, within) : never,
  );
  return (judged) => tests.every((test) => test(judged));
}

/** 6.1.2 to 6.1.5 */
function clauseTest(name, part, around) {
  if (name === "$not") return isObject(part) ? not(conditionTest(part, around)) : never;
  if (Object.hasOwn(JUNCTIONS, name)) {
    return Array.isArray(part) ? JUNCTIONS[name](part.map((each) => conditionTest(each, around))) : never;
  }
  if (name === "$savedGroup") return referenceTest(part, around);
  const test = valueTest(part, around);
  return (attributes) => test(lookup(attributes, name));
}

const not = (test) => (judged) => !test(judged);
const any = (tests) => (judged) => tests.length === 0 || tests.some((test) => test(judged));
const JUNCTIONS = {
  $and: (tests) => (judged) => tests.every((test) => test(judged)),
  $or: any,
  $nor: (tests) => not(any(tests)),
};

/** 6.1.5, 6.5.3 */
function referenceTest(part, around) {
  if (around.met.references++ >= MAX_REFERENCES || !isObject(part)) return never;
  const { id } = part;
  const group = typeof id === "string" && !around.resolving.includes(id) ? savedGroup(id, around) : null;
  if (!isObject(group)) return never;
  if (group.type === "condition") {
    return conditionTest(group.condition, { ...around, resolving: [...around.resolving, id] });
  }
  const path = Object.hasOwn(part, "attributeKey") ? part.attributeKey : group.attributeKey;
  if (group.type !== "list" || typeof path !== "string" || !Array.isArray(group.values)) return never;
  return (attributes) => member(lookup(attributes, path), group.values);
}

/** 6.2; `fold` compares texts in lower case (6.3.7). */
function valueTest(part, around, fold = false) {
  if (typeof part === "string") {
    return fold ? (value) => text(value).toLowerCase() === part.toLowerCase() : (value) => text(value) === part;
  }
  if (typeof part === "number") return (value) => number(value) === part;
  if (typeof part === "boolean") return (value) => value !== null && truthy(value) === part;
  if (part === null) return (value) => value === null;
  if (isOperators(part)) return every(part, around, operatorTest);
  const written = jsonText(part);
  return (value) => jsonText(value) === written;
}

function isOperators(part) {
  const members = isObject(part) ? Object.keys(part) : [];
  return members.length > 0 && members.every((name) => name.startsWith("$"));
}

function operatorTest(name, expected, around) {
  if (Object.hasOwn(NESTING, name)) return NESTING[name](expected, around);
  if (!Object.hasOwn(OPERATORS, name)) return never; // 6.2.6
  return (value) => OPERATORS[name](value, expected, around);
}

const list = (value) => (Array.isArray(value) ? value : [value]);
const lower = (value) => (typeof value === "string" ? value.toLowerCase() : value);
const member = (value, expected) => list(value).some((part) => expected.some((each) => identical(part, each)));
const lowerMember = (value, expected) => member(list(value).map(lower), expected.map(lower));

const savedGroup = (id, { groups }) => (isObject(groups) && Object.hasOwn(groups, id) ? groups[id] : undefined);

/** 6.3.6: the members of a group, none of one that is missing, `null` for one of another form. */
function members(expected, around) {
  const group = savedGroup(text(expected), around);
  if (group === undefined || Array.isArray(group)) return group ?? [];
  return isObject(group) && group.type === "list" && Array.isArray(group.values) ? group.values : null;
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

/** 6.3, operators that compare. */
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
  $inGroup: (value, expected, around) => OPERATORS.$in(value, members(expected, around)),
  $notInGroup: (value, expected, around) => OPERATORS.$nin(value, members(expected, around)),
  $regex: (value, expected) => matches(value, expected, false),
  $regexi: (value, expected) => matches(value, expected, true),
  $type: (value, expected) => typeName(value) === expected,
  $veq: (value, expected) => compareVersions(value, expected) === 0,
  $vne: (value, expected) => compareVersions(value, expected) !== 0,
  $vlt: (value, expected) => compareVersions(value, expected) < 0,
  $vlte: (value, expected) => compareVersions(value, expected) <= 0,
  $vgt: (value, expected) => compareVersions(value, expected) > 0,
  $vgte: (value, expected) => compareVersions(value, expected) >= 0,
};

/** 6.3, operators beside which something stands that is judged in its turn. */
const NESTING = {
  $not: (expected, around) => not(valueTest(expected, around)),
  $size: (expected, around) => {
    const test = valueTest(expected, around);
    return (value) => Array.isArray(value) && test(value.length);
  },
  $all: (expected, around) => all(expected, around, false),
  $alli: (expected, around) => all(expected, around, true),
  $elemMatch: (expected, around) => {
    if (!isObject(expected)) return never;
    const test = isOperators(expected) ? valueTest(expected, around) : conditionTest(expected, around);
    return (value) => Array.isArray(value) && value.some((part) => part !== null && test(part));
  },
};

function all(expected, around, fold) {
  if (!Array.isArray(expected)) return never;
  const tests = expected.map((each) => valueTest(each, around, fold));
  return (value) => Array.isArray(value) && tests.every((test) => value.some(test));
}
