// The messages for protobuf-es without code generated: from a google.protobuf.FileDescriptorSet.
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

export function registryOf(base64) {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes));
}

export const detailTypes = ["google.rpc.ErrorInfo", "google.rpc.BadRequest"];
