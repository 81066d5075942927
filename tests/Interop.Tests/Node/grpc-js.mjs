// @grpc/grpc-js as people use it with proto files at hand and no code generated.
import grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { bytesOf, codes, ownMetadata } from "./facts.mjs";

const MiB = 1024 * 1024;

export function connect(address, protos, options) {
  const files = ["interop/v1/interop.proto", "google/rpc/status.proto", "google/rpc/error_details.proto"];
  const definitions = loadSync(files, { includeDirs: [protos], defaults: true });
  const { v1 } = grpc.loadPackageDefinition(definitions).interop;
  const to = new URL(address).host;
  const channel = { "grpc.enable_http_proxy": 0, "grpc.max_receive_message_length": 8 * MiB, ...options };
  const interop = new v1.InteropService(to, grpc.credentials.createInsecure(), channel);
  const missing = new v1.AbsentService(to, grpc.credentials.createInsecure(), channel);

  function detailsOf(metadata) {
    const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
    const { details } = bytes ? definitions["google.rpc.Status"].deserialize(bytes) : { details: [] };
    return details.map(any => {
      const type = any.type_url.split("/").at(-1);
      return { type, ...definitions[type].deserialize(any.value) };
    });
  }

  const endingOf = status => ({
    code: codes[status.code],
    message: status.details,
    details: detailsOf(status.metadata),
  });

  // The library joins what it gets of a text name with commas.
  const factsOf = metadata => ownMetadata(Object.keys(metadata?.getMap() ?? {}).flatMap(
    name => metadata.get(name).map(value => [name, value])));

  function callOptions({ timeoutMs }) {
    return timeoutMs ? { deadline: Date.now() + timeoutMs } : {};
  }

  function metadataOf(entries) {
    const metadata = new grpc.Metadata();
    for (const [name, value] of entries ?? []) {
      metadata.add(name, name.endsWith("-bin") ? Buffer.from(bytesOf(value)) : value);
    }
    return metadata;
  }

  return {
    unary(method, request, options) {
      return new Promise(resolve => {
        const client = method === "Call" ? missing : interop;
        let headers, response;
        const call = client[method](request, metadataOf(options.metadata), callOptions(options), (error, message) => {
          response = message;
        });
        call.on("metadata", metadata => (headers = metadata));
        call.on("status", status => setImmediate(() => resolve({
          ending: endingOf(status), response, headers: factsOf(headers), trailers: factsOf(status.metadata),
        })));
      });
    },

    stream(request, { onHeaders, onMessage, ...options }) {
      const call = interop.Script(request, callOptions(options));
      call.on("metadata", () => onHeaders?.());
      call.on("data", onMessage);
      // The status says the same.
      call.on("error", () => {});
      return {
        ended: new Promise(resolve => call.on("status", status => resolve(endingOf(status)))),
        cancel: () => call.cancel(),
      };
    },
  };
}
