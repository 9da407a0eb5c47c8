// What GrowthBook's JavaScript SDK, and JavaScript itself, answer: one question a line in, one answer a line out.
// {"op", "given"} as in the vectors; {"result"} or, where JavaScript throws, {"threw"}.
import {evalCondition, GrowthBook, paddedVersionString} from "@growthbook/growthbook";
import {
  chooseVariation,
  getBucketRanges,
  hash,
  inNamespace,
} from "./node_modules/@growthbook/growthbook/dist/esm/util.mjs";
import {tell, told} from "./lines.mjs";

const plain = (value) => (Array.isArray(value) || (value && typeof value === "object") ? String(value) : value);

const answers = {
  coerce: ({value}) => ({text: String(value), number: String(Number(plain(value))), truthy: !!value}),
  relate: ({left, right}) => [
    ...(left === right ? ["==="] : []),
    ...(left < right ? ["<"] : []),
    ...(left <= right ? ["<="] : []),
    ...(left > right ? [">"] : []),
    ...(left >= right ? [">="] : []),
  ],
  bucket: ({seed, value, version}) => hash(seed, value, version),
  "bucket-ranges": ({count, coverage, weights}) => getBucketRanges(count, coverage ?? 1, weights ?? undefined),
  "choose-variation": ({point, ranges}) => chooseVariation(point, ranges),
  namespace: ({value, namespace, range}) => inNamespace(value, [namespace, ...range]),
  "version-compare": ({left, right}) => {
    const [one, two] = [paddedVersionString(left), paddedVersionString(right)];
    return one < two ? -1 : Number(one > two);
  },
  condition: ({condition, attributes, groups}) => evalCondition(attributes, condition, groups ?? {}),
  regex: ({pattern, value, ignore_case}) => new RegExp(pattern, ignore_case ? "i" : "").test(value),
  features: ({features, attributes, groups}) => {
    const client = new GrowthBook({features, attributes, savedGroups: groups});
    const decided = Object.keys(features).map((name) => {
      const {value, source, ruleId, experimentResult} = client.evalFeature(name);
      return [name, {value, source, rule: ruleId || null, variation: experimentResult?.variationId ?? null}];
    });
    client.destroy();
    return Object.fromEntries(decided);
  },
};

for (;;) {
  const {op, given} = await told();
  try {
    tell({result: answers[op](given)});
  } catch (error) {
    tell({threw: String(error)});
  }
}
