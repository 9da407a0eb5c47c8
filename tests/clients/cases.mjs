// What GrowthBook's JavaScript SDK answers to cases of its conformance file: one a line in, one answer a line out.
// {"section", "case"} as in that file, without what is expected; {"result"}, or {"threw"} where JavaScript throws.
import {evalCondition, GrowthBook, StickyBucketService} from "@growthbook/growthbook";
import {
  chooseVariation,
  decrypt,
  getAutoExperimentChangeType,
  getBucketRanges,
  getEqualWeights,
  getQueryStringOverride,
  hash,
  inNamespace,
} from "./node_modules/@growthbook/growthbook/dist/esm/util.mjs";
import {tell, told} from "./lines.mjs";

console.error = () => {};
process.on("unhandledRejection", () => {}); // the SDK refreshes sticky documents by itself, too

class Kept extends StickyBucketService {
  kept = new Map();
  async getAssignments(name, value) {
    return this.kept.get(this.getKey(name, value)) ?? null;
  }
  async saveAssignments(doc) {
    this.kept.set(this.getKey(doc.attributeName, doc.attributeValue), doc);
  }
}

const clientOf = ({forcedFeatures, ...options}) => {
  const client = new GrowthBook(options);
  if (forcedFeatures) client.setForcedFeatures(new Map(Object.entries(forcedFeatures)));
  return client;
};

const featureOf = (context, name) => clientOf(context).evalFeature(name);

const answers = {
  evalCondition: (condition, attributes, groups) => evalCondition(attributes, condition, groups ?? {}),
  hash: (seed, value, version) => hash(seed, value, version),
  getBucketRange: ([count, coverage, weights]) => getBucketRanges(count, coverage ?? 1, weights ?? undefined),
  feature: featureOf,
  contextualBandit: featureOf,
  run: (context, experiment) => {
    const {value, inExperiment, hashUsed} = clientOf(context).run(experiment);
    return [value, inExperiment, hashUsed];
  },
  chooseVariation: (point, ranges) => chooseVariation(point, ranges),
  getQueryStringOverride: (key, url, count) => getQueryStringOverride(key, url, count),
  inNamespace: (value, namespace) => inNamespace(value, namespace),
  getEqualWeights: (count) => getEqualWeights(count),
  decrypt: async (encrypted, key) => {
    try {
      return await decrypt(encrypted, key);
    } catch {
      return null;
    }
  },
  stickyBucket: async (context, documents, name) => {
    const stickyBucketService = new Kept();
    for (const document of documents) await stickyBucketService.saveAssignments(document);
    const client = clientOf({...context, stickyBucketService});
    await client.refreshStickyBuckets();
    const {experimentResult} = client.evalFeature(name);
    return [experimentResult ?? null, client.getStickyBucketAssignmentDocs()];
  },
  urlRedirect: (context) => {
    // the SDK gives the way of the last experiment only: each is tried by itself, in order, until one leads on
    const results = [];
    for (const experiment of context.experiments) {
      if (getAutoExperimentChangeType(experiment) !== "redirect") continue;
      const client = new GrowthBook({...context, experiments: [experiment]});
      const [each] = [...client.getAllResults().values()];
      const urlWithParams = client.getRedirectUrl();
      const {inExperiment = false, value} = each?.result ?? {};
      const way = urlWithParams ? {urlRedirect: value.urlRedirect, urlWithParams} : {};
      results.push({inExperiment, ...way});
      if (inExperiment) break;
    }
    return results;
  },
};

for (;;) {
  const {section, case: given} = await told();
  try {
    tell({result: await answers[section](...given)});
  } catch (error) {
    tell({threw: String(error)});
  }
}
