// Chapter 1: values and their coercions. JavaScript is where they come from, so little is left to do.

const MAX_DEPTH = 48;
const OPAQUE = "[object Object]";

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** 1.1.3 */
export const truthy = Boolean;

/** 1.2.1 */
export function text(value, depth = 0) {
  if (!Array.isArray(value)) return String(value ?? null);
  if (depth >= MAX_DEPTH) return OPAQUE;
  return value.map((part) => (part === null ? "" : text(part, depth + 1))).join(",");
}

/** 1.2.3 */
export const number = (value) => Number(Array.isArray(value) ? text(value) : value);

/** 1.2.4 */
export const identical = (left, right) => left === right && (typeof left !== "object" || left === null);

/** 1.2.5: `holds` compares two texts or two numbers. */
export function relate(holds, left, right) {
  const [a, b] = [left, right].map((value) => (typeof value === "object" && value !== null ? text(value) : value));
  return typeof a === "string" && typeof b === "string" ? holds(a, b) : holds(number(a), number(b));
}

/** 1.2.6; member names that are whole numbers come first in JavaScript by themselves. */
export function jsonText(value, depth = 0) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth >= MAX_DEPTH) return OPAQUE;
  if (Array.isArray(value)) return `[${value.map((part) => jsonText(part, depth + 1)).join(",")}]`;
  const members = Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${jsonText(part, depth + 1)}`);
  return `{${members.join(",")}}`;
}

/** 1.3.1 */
export function lookup(attributes, path) {
  return path.split(".").reduce(step, attributes);
}

/** 5.2.4 */
export function hashAttribute(attributes, name) {
  return isObject(attributes) && Object.hasOwn(attributes, name) ? attributes[name] : lookup(attributes, name);
}

function step(current, name) {
  if (isObject(current)) return Object.hasOwn(current, name) ? current[name] : null;
  if (!Array.isArray(current)) return null;
  if (name === "length") return current.length;
  return /^(0|[1-9][0-9]{0,8})$/.test(name) ? (current[Number(name)] ?? null) : null;
}
