"""A client of chat.v1 as someone writes it who has the protos and Debian's python3-grpcio.

    chat_client.py StreamChat 127.0.0.1:5080 '{"message": "Hello"}' [seconds until the deadline]

Prints what it receives, each message the moment it comes, as one line of JSON, and last the call's status.
"""

import json
import sys

import grpc
from google.protobuf import json_format

# Imported so that details of a status can be unpacked.
from google.rpc import error_details_pb2  # noqa: F401
from google.rpc import status_pb2

from chat.v1 import chat_pb2, chat_pb2_grpc

REQUESTS = {
    "StreamChat": chat_pb2.StreamChatRequest,
    "Chat": chat_pb2.ChatRequest,
    "CancelStream": chat_pb2.CancelStreamRequest,
}

# A proxy in the environment is not for the loopback interface.
OPTIONS = [("grpc.enable_http_proxy", 0)]


def say(kind, content):
    print(json.dumps({kind: content}), flush=True)


def as_dict(message):
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def details_of(error):
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            return as_dict(status_pb2.Status.FromString(value))
    return {}


def main(method, address, request, deadline=None):
    message = json_format.Parse(request, REQUESTS[method]())
    with grpc.insecure_channel(address, options=OPTIONS) as channel:
        call = getattr(chat_pb2_grpc.ChatServiceStub(channel), method)
        try:
            answer = call(message, timeout=float(deadline) if deadline else None)
            for part in answer if method == "StreamChat" else [answer]:
                say("message", as_dict(part))
            say("status", {"code": "OK"})
        except grpc.RpcError as error:
            say("status", {"code": error.code().name, "message": error.details(), "rich": details_of(error)})


if __name__ == "__main__":
    main(*sys.argv[1:])
