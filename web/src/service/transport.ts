import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

/** gRPC-Web to the service that the page came from, with an API key if there is one. */
export function transportWith(key: () => string | null): Transport {
  const withKey: Interceptor = (next) => (request) => {
    const used = key();
    if (used) request.header.set("authorization", `Bearer ${used}`);
    return next(request);
  };
  return createGrpcWebTransport({ baseUrl: location.origin, interceptors: [withKey] });
}
