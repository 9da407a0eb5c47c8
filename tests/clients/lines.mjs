// How a client and the test that started it talk: one JSON value a line, both ways.
import {createInterface} from "node:readline";

export const tell = (what) => process.stdout.write(JSON.stringify(what) + "\n");

const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();

/** The next thing the test says; the client ends when it says nothing more. */
export async function told() {
  const {value, done} = await lines.next();
  if (done) process.exit(0);
  return JSON.parse(value);
}

