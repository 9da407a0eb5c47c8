// Chapter 5: hashes, buckets, ranges, namespaces.

/** 5.1.1 */
export function fnv1a32(text) {
  let state = 2166136261;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 16777619);
  return state >>> 0;
}

/** 5.2.1 to 5.2.3 */
export function bucket(seed, value, version) {
  if (version === 2) return (fnv1a32(String(fnv1a32(seed + value))) % 10000) / 10000;
  if (version === 1) return (fnv1a32(value + seed) % 1000) / 1000;
  return null;
}

/** 5.3.1 */
export const chooseVariation = (point, ranges) => ranges.findIndex(([start, end]) => start <= point && point < end);

/** 5.3.2, 5.3.3 */
export function bucketRanges(count, coverage = 1, weights = null) {
  const share = Math.min(Math.max(coverage, 0), 1);
  const sum = (weights ?? []).reduce((total, weight) => total + weight, 0);
  const fit = weights !== null && weights.length === count && sum >= 0.99 && sum <= 1.01;
  let start = 0;
  return (fit ? weights : Array(Math.max(count, 0)).fill(1 / count)).map((weight) => {
    const range = [start, start + share * weight];
    start += weight;
    return range;
  });
}

/** 5.4.1 */
export function inNamespace(value, namespace, range) {
  return chooseVariation(bucket(`__${namespace}`, value, 1), [range]) === 0;
}
