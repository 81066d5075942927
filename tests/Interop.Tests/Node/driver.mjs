// node driver.mjs CLIENT ADDRESS PROTOS DESCRIPTORS: answers questions, each a line of JSON, with lines of JSON.
import { createInterface } from "node:readline";
import { answer } from "./questions.mjs";

const [name, address, protos, descriptors] = process.argv.slice(2);
const connected = await start();

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  answer(connected, question).then(
    facts => print({ id: question.id, facts }),
    error => print({ id: question.id, error: `${error?.stack ?? error}` }));
}

process.exit();

async function start() {
  if (name === "grpc-js") {
    const { connect } = await import("./grpc-js.mjs");
    return connect(address, protos);
  }

  const node = await import("@connectrpc/connect-node");
  const { connect } = await import("./connect.mjs");
  const { registryOf } = await import("./descriptors.mjs");
  const transports = {
    "connect-grpc": () => node.createGrpcTransport({ baseUrl: address }),
    "connect-grpc-web-http1": () => node.createGrpcWebTransport({ baseUrl: address, httpVersion: "1.1" }),
    "connect-grpc-web-http2": () => node.createGrpcWebTransport({ baseUrl: address, httpVersion: "2" }),
  };
  return connect(transports[name](), registryOf(descriptors));
}

function print(answered) {
  process.stdout.write(`${JSON.stringify(answered)}\n`);
}
