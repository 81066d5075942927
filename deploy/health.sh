#!/usr/bin/env bash
# Whether the service on this machine takes calls: grpc.health.v1.Health/Check in the text form of gRPC-Web, with what
# the image has anyway.
#
#   health.sh [PORT]
set -euo pipefail

exec 3<>"/dev/tcp/127.0.0.1/${1:-5080}"
printf 'POST /grpc.health.v1.Health/Check HTTP/1.1\r\n%s\r\n%s\r\n%s\r\n%s\r\n\r\nAAAAAAA=' 'Host: localhost' \
  'Content-Type: application/grpc-web-text' 'Content-Length: 8' 'Connection: close' >&3
answer=$(timeout 2 cat <&3)
[[ $answer == *AAAAAAIIAQ==* ]]
