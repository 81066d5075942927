// node driver.mjs CLIENT ADDRESS PROTOS: answers questions, each a line of JSON, with lines of JSON.
import { createInterface } from "node:readline";
import { answer } from "./questions.mjs";

const [client, address, protos] = process.argv.slice(2);

const clients = {
  "grpc-js": async () => (await import("./grpc-js.mjs")).connect(address, protos),
};

const connected = await clients[client]();

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  answer(connected, question).then(
    facts => print({ id: question.id, facts }),
    error => print({ id: question.id, error: `${error?.stack ?? error}` }));
}

process.exit();

function print(answered) {
  process.stdout.write(`${JSON.stringify(answered)}\n`);
}
