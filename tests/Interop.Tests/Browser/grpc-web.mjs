// grpc-web, the official client, with descriptors made by hand where its users have generated ones.
import { create, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { GrpcWebClientBase, MethodDescriptor, MethodType } from "grpc-web";
import { bytesOf, codes, decoded, ownMetadata } from "../Node/facts.mjs";

const base64 = bytes => btoa(String.fromCharCode(...bytes));

export function connect(address, registry, format) {
  const client = new GrpcWebClientBase({ format });

  function descriptorOf(name) {
    const service = name === "Call" ? "interop.v1.AbsentService" : "interop.v1.InteropService";
    const { input, output, methodKind } = registry.getService(service).methods.find(method => method.name === name);
    const type = methodKind === "unary" ? MethodType.UNARY : MethodType.SERVER_STREAMING;
    return new MethodDescriptor(
      `/${service}/${name}`, type, Object, Object,
      request => toBinary(input, create(input, request)), bytes => fromBinary(output, bytes));
  }

  function detailsOf(metadata) {
    const details = metadata?.["grpc-status-details-bin"];
    if (!details) {
      return [];
    }
    const [[, bytes]] = decoded([["grpc-status-details-bin", details]]);
    return fromBinary(registry.getMessage("google.rpc.Status"), bytes).details.map(any => {
      const schema = registry.getMessage(any.typeUrl.split("/").at(-1));
      return { type: schema.typeName, ...toJson(schema, fromBinary(schema, any.value)) };
    });
  }

  const endingOf = status => ({
    code: codes[status.code],
    message: status.details,
    details: detailsOf(status.metadata),
  });

  const factsOf = metadata => ownMetadata(decoded(Object.entries(metadata ?? {})));

  // The library takes an object, so a doubled name has its values joined, which HTTP says is the same.
  function metadataOf({ metadata, timeoutMs }) {
    const headers = timeoutMs ? { deadline: `${Date.now() + timeoutMs}` } : {};
    for (const [name, value] of metadata ?? []) {
      const text = name.endsWith("-bin") ? base64(bytesOf(value)) : value;
      headers[name] = name in headers ? `${headers[name]}, ${text}` : text;
    }
    return headers;
  }

  /** The end is there when the status and the response headers are, in either order; an end alone is a good one. */
  function endOf(call) {
    return new Promise(resolve => {
      let headers, status;
      const look = () => headers && status && resolve({ headers, status });
      call.on("metadata", received => {
        headers = received;
        look();
      });
      call.on("status", received => {
        status = received;
        look();
      });
      call.on("end", () => {
        status ??= { code: 0, details: "", metadata: headers };
        look();
      });
    });
  }

  return {
    async unary(method, request, options) {
      const descriptor = descriptorOf(method);
      let response;
      const call = client.rpcCall(
        address + descriptor.name, request, metadataOf(options), descriptor, (error, message) => (response = message));
      const { headers, status } = await endOf(call);
      return {
        ending: endingOf(status),
        response: response ?? undefined,
        headers: factsOf(headers),
        trailers: factsOf(status.metadata),
      };
    },

    stream(request, { onMessage, ...options }) {
      const descriptor = descriptorOf("Script");
      const call = client.serverStreaming(address + descriptor.name, request, metadataOf(options), descriptor);
      call.on("data", onMessage);
      // The status says the same.
      call.on("error", () => {});
      let cancelled;
      const ended = Promise.race([
        endOf(call).then(({ status }) => endingOf(status)),
        new Promise(resolve => (cancelled = resolve)),
      ]);
      return {
        ended,
        cancel() {
          call.cancel();
          // The library tells nothing about a call that its user has cancelled.
          cancelled({ code: "CANCELLED" });
        },
      };
    },
  };
}
