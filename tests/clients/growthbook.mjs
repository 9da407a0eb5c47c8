// GrowthBook's JavaScript SDK as an app uses it: node growthbook.mjs <server> <key> <options as JSON>
// Prints what every feature is, again after each change, and each exposure that the app is told of.
import {EventSource} from "eventsource";
import {GrowthBook, setPolyfills} from "@growthbook/growthbook";
import {growthbookTrackingPlugin} from "@growthbook/growthbook/plugins";
import {tell, told} from "./lines.mjs";

const [server, clientKey, options = "{}"] = process.argv.slice(2);
const {attributes = {}, features = [], remoteEval = false, headers, track = false} = JSON.parse(options);

setPolyfills({EventSource});
const gb = new GrowthBook({
  apiHost: server,
  clientKey,
  attributes,
  remoteEval,
  apiHostRequestHeaders: headers,
  trackingCallback: (experiment, result) =>
    tell({exposed: experiment.key, variation: result.key, value: result.value, whose: result.hashValue}),
  plugins: track ? [growthbookTrackingPlugin({ingestorHost: server})] : [],
});
const show = () =>
  tell({values: Object.fromEntries(features.map((name) => [name, gb.getFeatureValue(name, "the app's own")]))});

const {success, source} = await gb.init({timeout: 10_000, streaming: true});
tell({success, source});
gb.setRenderer(show);
show();
for (;;) {
  const {attributes: changed} = await told();
  await gb.setAttributes(changed);
  show();
}
