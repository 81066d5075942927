#!/usr/bin/env bash
# Installs what the tests need, builds once and runs every suite. Ends with "N passed, N failed".
#
#   ./test.sh                        all suites
#   ./test.sh Grpc.Tests Tidy.Tests  these suites
#   ./test.sh --chaos MINUTES [REPORT [SEED]]  trouble for so long; the report goes to a file (docs/chaos.md)
#   ./test.sh --chaos-replicas MINUTES [REPORT [SEED]]  the same for three replicas
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NO_COLOR=1

# A suite and its time budget in seconds, on a machine with 2 cores; CONTRIBUTING.md has the same table.
budgets=(
  "Tidy.Tests 60"
  "Grpc.Tests 180"
  "ChatService.Tests 400"
  "Simulation.Tests 400"
  "ChatClient.Tests 180"
  "Integration.Tests 500"
  "Chaos.Tests 600"
  "Interop.Tests 180"
  "Web.Tests 900"
)

# Packages that the tests need, each with a file that shows that it is there.
packages=(
  "libsqlite3-0 /usr/lib/*/libsqlite3.so.0"
  "postgresql-15 /usr/lib/postgresql/*/bin/initdb"
  "procps /bin/kill"
  "sqlite3 /usr/bin/sqlite3"
  "python3 /usr/bin/python3"
  "python3-yaml /usr/lib/python3/dist-packages/yaml/__init__.py"
  "haproxy /usr/sbin/haproxy"
  "faketime /usr/lib/*/faketime/libfaketime.so.1"
  "python3-grpcio /usr/lib/python3/dist-packages/grpc/__init__.py"
  "protobuf-compiler /usr/bin/protoc"
  "protobuf-compiler-grpc /usr/bin/grpc_python_plugin"
  "chromium /usr/bin/chromium"
  "fonts-dejavu-core /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
  "fonts-noto-color-emoji /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
)

# Folders with a package-lock.json whose packages the tests need: buf, the clients of JavaScript, a server of tools.
node_folders=(. tests/Interop.Tests tests/McpServer)

die() { printf '%s\n' "$*" >&2; exit 1; }

install_packages() {
  local missing=() entry
  for entry in "${packages[@]}"; do
    compgen -G "${entry#* }" >/dev/null || missing+=("${entry%% *}")
  done
  [ ${#missing[@]} -gt 0 ] || return 0

  command -v apt-get >/dev/null || die "The tests need ${missing[*]}: install them with this system's package manager."
  local apt_get=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  [ "$(id -u)" = 0 ] || apt_get=(sudo "${apt_get[@]}")
  echo "Installing ${missing[*]}"

  keep_servers_down
  "${apt_get[@]}" update >/dev/null || die "apt-get update failed, and the tests need ${missing[*]}."
  "${apt_get[@]}" install -y "${missing[@]}" >/dev/null || die "apt-get could not install ${missing[*]}."
}

# Debian makes and starts a server with PostgreSQL's package, unless this file is there first; tests start their own.
keep_servers_down() {
  local file=/etc/postgresql-common/createcluster.d/chatgrpc-tests.conf root=()
  if [[ " ${missing[*]} " == *" postgresql-"* ]]; then
    [ "$(id -u)" = 0 ] || root=(sudo)
    "${root[@]}" mkdir -p "${file%/*}"
    echo "create_main_cluster = false" | "${root[@]}" tee "$file" >/dev/null
  fi
}

# npm ci, where the lock is not the one that the packages were installed from.
install_node_packages() {
  local folder installed
  for folder in "${node_folders[@]}"; do
    installed=$folder/node_modules/.installed-from.json
    if ! cmp -s "$folder/package-lock.json" "$installed"; then
      echo "Installing Node packages in $folder"
      npm ci --prefix "$folder" --no-fund --no-audit --loglevel=error </dev/null \
        || die "npm ci failed in $folder, and the tests need its packages."
      cp "$folder/package-lock.json" "$installed"
    fi
  done
}

# The service as deploy/ has it, for the suites that start its process. They take what was built where this is not set.
publish() {
  export CHATGRPC_SERVICE=$PWD/artifacts/service/ChatService.dll
  dotnet publish src/ChatService --configuration Release --use-current-runtime --no-self-contained \
    --output "${CHATGRPC_SERVICE%/*}" -verbosity:quiet -nodeReuse:false </dev/null
}

# Prints what the suite's summary calls by that name.
count() { sed -nE "s/^ +$2: ([0-9]+)$/\1/p" "$1" | tail -n 1; }

passed=0
failed=0

run_suite() {
  local suite=$1 budget=$2 log=$3 started=$SECONDS status=0
  timeout --kill-after=10 "$budget" \
    "artifacts/bin/$suite/release/$suite" --no-progress --no-ansi >"$log" 2>&1 </dev/null || status=$?
  local good bad skipped
  good=$(count "$log" succeeded) bad=$(count "$log" failed) skipped=$(count "$log" skipped)
  good=${good:-0} skipped=${skipped:-0} bad=$((${bad:-0} + skipped))

  # A suite that died, ran out of time or ran nothing has failed, whatever it counted.
  if [ "$status" != 0 ] || [ "$good" = 0 ] || [ "$skipped" != 0 ]; then
    [ "$bad" -gt 0 ] || bad=1
    cat "$log"
    case $status in
      124 | 137) echo "$suite did not end within its budget of $budget s." ;;
      8) echo "$suite ran no test." ;;
    esac
    [ "$skipped" = 0 ] || echo "$suite skipped $skipped tests; a skipped test counts as failed."
  fi
  printf '%-18s %4d passed, %d failed, %d of %d s\n' "$suite" "$good" "$bad" $((SECONDS - started)) "$budget"
  passed=$((passed + good)) failed=$((failed + bad))
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" = 0 ]
}

# Without an SDK that global.json accepts, this fails too.
dotnet --version >/dev/null 2>&1 || die "The .NET SDK 10 is missing: https://dotnet.microsoft.com/download has it."
node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && command -v npm >/dev/null \
  || die "Node 20 or later with npm is missing: https://nodejs.org has it. The tests call the service with its clients."
chaos=()
if [ "${1:-}" = --chaos ] || [ "${1:-}" = --chaos-replicas ]; then
  [[ ${2:-} =~ ^[0-9]+$ ]] || die "How many minutes? ./test.sh $1 20"
  [ "$1" = --chaos ] && chaos=(long) || chaos=(replicas)
  chaos+=("$2" "${3:-artifacts/chaos.md}" "${@:4:1}")
  set --
fi
wanted=("$@")
for suite in "${wanted[@]}"; do
  [[ " ${budgets[*]%% *} " == *" $suite "* ]] || die "There is no suite $suite; there are: ${budgets[*]%% *}."
done

install_packages
install_node_packages
if ! dotnet build ChatGrpc.sln --configuration Release -verbosity:quiet -nodeReuse:false </dev/null || ! publish; then
  failed=1
  finish || exit
fi

if [ ${#chaos[@]} -gt 0 ]; then
  exec artifacts/bin/Chaos.Tests/release/Chaos.Tests "${chaos[@]}"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
for entry in "${budgets[@]}"; do
  suite=${entry%% *}
  if [ ${#wanted[@]} = 0 ] || [[ " ${wanted[*]} " == *" $suite "* ]]; then
    run_suite "$suite" "${entry#* }" "$log"
  fi
done

finish
