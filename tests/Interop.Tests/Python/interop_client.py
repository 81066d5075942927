"""The driver of Debian's python3-grpcio: answers questions, each a line of JSON, with lines of JSON.

    interop_client.py 127.0.0.1:5080

The questions and the facts are those of Node/questions.mjs; here each call has a thread, as sync code has.
"""

import hashlib
import json
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import json_format

# Imported so that details of a status can be unpacked.
from google.rpc import error_details_pb2  # noqa: F401
from google.rpc import status_pb2

from interop.v1 import interop_pb2, interop_pb2_grpc

MIB = 1024 * 1024

# A proxy in the environment is not for the loopback interface.
OPTIONS = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", 8 * MIB)]

printing = threading.Lock()


def own_metadata(metadata):
    facts = {}
    for name, value in metadata or ():
        if name.startswith("interop-"):
            values = [value.hex()] if isinstance(value, bytes) else [part.strip() for part in value.split(",")]
            facts.setdefault(name, []).extend(values)
    return facts


def details_of(metadata):
    for name, value in metadata or ():
        if name == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                fields = json_format.MessageToDict(detail)
                yield {"type": fields.pop("@type").split("/")[-1], **fields}


def ending_of(call):
    return {
        "code": call.code().name,
        "message": call.details(),
        "details": list(details_of(call.trailing_metadata())),
    }


def payload(size):
    return bytes((i * 31 + (i >> 8)) & 255 for i in range(size))


class Client:
    def __init__(self, address):
        channel = grpc.insecure_channel(address, options=OPTIONS)
        self.interop = interop_pb2_grpc.InteropServiceStub(channel)
        self.missing = interop_pb2_grpc.AbsentServiceStub(channel)

    def echo(self, ask):
        request = interop_pb2.EchoRequest(text=ask.get("text", ""), payload=payload(ask.get("payloadSize", 0)))
        if "failure" in ask:
            json_format.ParseDict(ask["failure"], request.failure)
        metadata = [
            (name, bytes.fromhex(value) if name.endswith("-bin") else value)
            for name, value in ask.get("metadata", ())
        ]
        try:
            response, call = self.interop.Echo.with_call(request, metadata=metadata, timeout=seconds(ask))
        except grpc.RpcError as failed:
            return {**ending_of(failed), "trailers": own_metadata(failed.trailing_metadata())}
        return {
            **ending_of(call),
            "headers": own_metadata(call.initial_metadata()),
            "trailers": own_metadata(call.trailing_metadata()),
            "text": response.text,
            "seen": {
                entry.name: [part.strip() for value in entry.values for part in value.split(",")]
                for entry in response.metadata
            },
            "payload": {"size": len(response.payload), "sha256": hashlib.sha256(response.payload).hexdigest()},
            "payloadSha256AtServer": response.payload_sha256,
        }

    def script(self, ask):
        request = json_format.ParseDict(ask["request"], interop_pb2.ScriptRequest())
        call = self.interop.Script(request, timeout=seconds(ask))
        indexes = []
        try:
            if request.headers_first:
                call.initial_metadata()
                self.open(request)
            for message in call:
                indexes.append(message.index)
                if len(indexes) == ask.get("cancelAfter"):
                    call.cancel()
                elif request.lock_step and len(indexes) < request.messages:
                    self.open(request)
        except grpc.RpcError:
            # The call itself tells how it ended.
            pass
        facts = {**ending_of(call), "indexes": indexes}
        if ask.get("observe"):
            seen = self.interop.Observe(interop_pb2.ObserveRequest(call_id=request.call_id))
            facts["server"] = {"cancelled": seen.cancelled, "hasDeadline": seen.has_deadline}
        return facts

    def many(self, ask):
        """Streams that are all open before the first of them may go on."""
        all_open = threading.Barrier(ask["streams"])
        connections = set()

        def one(index):
            request = interop_pb2.ScriptRequest(
                call_id=f"{ask['callId']}-{index}", messages=ask["messages"], lock_step=True)
            call = self.interop.Script(request)
            received = 0
            for message in call:
                connections.add(message.connection)
                received += 1
                if received == 1:
                    all_open.wait()
                if received < request.messages:
                    self.open(request)
            return call.code().name, received

        with ThreadPoolExecutor(ask["streams"]) as threads:
            results = list(threads.map(one, range(ask["streams"])))
        return {
            "codes": sorted({code for code, _ in results}),
            "received": sum(received for _, received in results),
            "connections": len(connections),
        }

    def everyCode(self, ask):  # noqa: N802, the question's name
        endings = [self.echo({"failure": {"code": code, "message": ask["message"]}}) for code in range(1, 17)]
        return {"codes": [f"{ending['code']} {ending['message']}" for ending in endings]}

    def absent(self, ask):
        try:
            if ask["method"] == "Call":
                self.missing.Call(interop_pb2.CallRequest())
            else:
                self.interop.Absent(interop_pb2.AbsentRequest())
        except grpc.RpcError as failed:
            return ending_of(failed)
        return {"code": "OK"}

    def open(self, request):
        self.interop.Open(interop_pb2.OpenRequest(call_id=request.call_id))


def seconds(ask):
    return ask["timeoutMs"] / 1000 if "timeoutMs" in ask else None


def answer(client, question):
    try:
        said = {"facts": getattr(client, question["question"])(question["ask"])}
    except Exception:  # Whatever it is, the test has to see it.
        said = {"error": traceback.format_exc()}
    with printing:
        print(json.dumps({"id": question["id"], **said}), flush=True)


def main(address):
    client = Client(address)
    for line in sys.stdin:
        threading.Thread(target=answer, args=(client, json.loads(line)), daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
