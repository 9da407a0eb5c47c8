// OpenFeature's web SDK with the OFREP provider, as a page uses it: node ofrep.mjs <server> <key> <options>
// Prints the details of every flag, again after each change.
import {EventSource} from "eventsource";
import {OFREPWebProvider} from "@openfeature/ofrep-web-provider";
import {OpenFeature, ProviderEvents} from "@openfeature/web-sdk";
import {tell, told} from "./lines.mjs";

globalThis.EventSource = EventSource;
const [server, key, options = "{}"] = process.argv.slice(2);
const {context = {}, flags = {}} = JSON.parse(options);

const provider = new OFREPWebProvider({
  baseUrl: server,
  headers: [["Authorization", `Bearer ${key}`]],
  pollInterval: -1,
});
const client = OpenFeature.getClient();
const ask = {
  boolean: (name) => client.getBooleanDetails(name, false),
  string: (name) => client.getStringDetails(name, "the app's own"),
  number: (name) => client.getNumberDetails(name, -1),
  object: (name) => client.getObjectDetails(name, {}),
};
const show = (why) =>
  tell({why, flags: Object.fromEntries(Object.entries(flags).map(([name, type]) => [name, ask[type](name)]))});

await OpenFeature.setContext(context);
client.addHandler(ProviderEvents.ConfigurationChanged, () => show("changed"));
try {
  await OpenFeature.setProviderAndWait(provider);
  show("ready");
} catch (error) {
  tell({why: "error", message: String(error)});
}
for (;;) {
  const {context: changed} = await told();
  await OpenFeature.setContext(changed);
  show("context");
}
