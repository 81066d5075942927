// The page that the tests open: connect(client, address, descriptors) first, then answer(question), both by the tests.
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { connect as connectOverTransport } from "../Node/connect.mjs";
import { registryOf } from "../Node/descriptors.mjs";
import { answer } from "../Node/questions.mjs";
import { connect as grpcWeb } from "./grpc-web.mjs";

const clients = {
  "connect-web": (address, registry) => connectOverTransport(createGrpcWebTransport({ baseUrl: address }), registry),
  "grpc-web-binary": (address, registry) => grpcWeb(address, registry, "binary"),
  "grpc-web-text": (address, registry) => grpcWeb(address, registry, "text"),
};

let connected;

globalThis.interop = {
  connect({ client, address, descriptors }) {
    connected = clients[client](address, registryOf(descriptors));
  },
  answer: async question => JSON.stringify(await answer(connected, JSON.parse(question))),
};
