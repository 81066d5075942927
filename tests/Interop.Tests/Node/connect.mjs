// @connectrpc/connect over any of its transports; in Node and in browsers.
import { ConnectError, createClient, encodeBinaryHeader } from "@connectrpc/connect";
import { toJson } from "@bufbuild/protobuf";
import { detailTypes } from "./descriptors.mjs";
import { bytesOf, codes, decoded, ownMetadata } from "./facts.mjs";

export function connect(transport, registry) {
  const interop = createClient(registry.getService("interop.v1.InteropService"), transport);
  const missing = createClient(registry.getService("interop.v1.AbsentService"), transport);
  const nothing = new Headers();

  // findDetails takes one type at a time; the server sends one of each, in this order.
  const detailsOf = error => detailTypes.map(name => registry.getMessage(name)).flatMap(schema =>
    error.findDetails(schema).map(message => ({ type: schema.typeName, ...toJson(schema, message) })));

  function endingOf(error) {
    const failure = ConnectError.from(error);
    return { code: codes[failure.code], message: failure.rawMessage, details: detailsOf(failure) };
  }

  function headersOf(entries) {
    const headers = new Headers();
    for (const [name, value] of entries ?? []) {
      headers.append(name, name.endsWith("-bin") ? encodeBinaryHeader(bytesOf(value)) : value);
    }
    return headers;
  }

  const factsOf = headers => ownMetadata(decoded([...headers].filter(([name]) => name.startsWith("interop-"))));

  return {
    async unary(method, request, { metadata, timeoutMs }) {
      const client = method === "Call" ? missing : interop;
      let headers = nothing, trailers = nothing, response;
      let ending = { code: "OK" };
      try {
        response = await client[method[0].toLowerCase() + method.slice(1)](request, {
          timeoutMs,
          headers: headersOf(metadata),
          onHeader: received => (headers = received),
          onTrailer: received => (trailers = received),
        });
      } catch (error) {
        // An error of this library has headers and trailers in one.
        trailers = ConnectError.from(error).metadata;
        ending = endingOf(error);
      }
      return { ending, response, headers: factsOf(headers), trailers: factsOf(trailers) };
    },

    stream(request, { timeoutMs, onHeaders, onMessage }) {
      const abort = new AbortController();
      const read = async () => {
        try {
          const options = { timeoutMs, signal: abort.signal, onHeader: () => onHeaders?.() };
          for await (const message of interop.script(request, options)) {
            onMessage(message);
          }
          return { code: "OK" };
        } catch (error) {
          return endingOf(error);
        }
      };
      return { ended: read(), cancel: () => abort.abort() };
    },
  };
}
