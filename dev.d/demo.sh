# shellcheck shell=bash
# Control Center against a simulated gateway, both of them built.

# ARGS: for `control-center serve`.
demo() {
  demo_dir=$(mktemp -d -t control-center-demo.XXXXXX)
  trap stop_demo EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_simulator
  start_control_center "$@"
  wait -n "$simulator" "$server"
}

stop_demo() {
  trap '' INT TERM
  kill -TERM ${server:+"$server"} ${simulator:+"$simulator"} 2>/dev/null || true
  wait
  rm -rf "$demo_dir"
}

start_simulator() {
  local line log=$demo_dir/simulator.log
  : >"$log"
  # In a session of its own, so that Ctrl-C reaches it once: through stop_demo.
  setsid "$build/release/bin/gateway-sim" --listen 127.0.0.1:0 --protocol 4 --scenario busy --seed 7 \
    --agents 24 --sessions 120 --events 4 --token demo-token >"$log" 2>&1 &
  simulator=$!
  until line=$(grep -m 1 '^gateway-sim ready' "$log"); do
    kill -0 "$simulator" 2>/dev/null || die "the simulated gateway did not start: $(cat "$log")"
    sleep 0.1
  done
  read -r gateway < <(grep -oE '127\.0\.0\.1:[0-9]+' <<<"$line")
  say "Simulated gateway: ws://$gateway/"
}

# The default address, or a free one where that is taken; both give way to ARGS.
start_control_center() {
  local listen=127.0.0.1:8787 data
  if (exec 3<>/dev/tcp/127.0.0.1/8787) 2>/dev/null; then listen=127.0.0.1:0; fi
  data=$(option_value data-dir "$@" || echo "${CONTROL_CENTER_DATA_DIR:-$demo_dir/data}")
  # shellcheck disable=SC2030,SC2031
  (
    cd "$caller_dir"
    export WS_GATEWAY_URL=ws://$gateway/ GATEWAY_URL=http://$gateway/api/agents
    export OPENCLAW_GATEWAY_TOKEN=demo-token CONTROL_CENTER_DATA_DIR=$data
    export CONTROL_CENTER_LISTEN=${CONTROL_CENTER_LISTEN:-$listen}
    export CONTROL_CENTER_GATEWAY_ACCESS=${CONTROL_CENTER_GATEWAY_ACCESS:-admin}
    exec setsid "$build/release/bin/control-center" serve "$@"
  ) &
  server=$!
  announce "$data"
}

# NAME ARGS...: the value of --NAME in ARGS.
option_value() {
  local name=$1
  shift
  while (($# > 0)); do
    case $1 in
      --"$name"=*) echo "${1#*=}" && return ;;
      --"$name") echo "${2:-}" && return ;;
    esac
    shift
  done
  return 1
}

# DATA_DIR: where the server tells its address once it can be reached.
announce() {
  local file url=
  cd "$caller_dir"
  file=$(realpath -m "$1")
  until read -r url < <(grep -oE 'https?://[^"]+' "$file/serve.json" 2>/dev/null); do
    kill -0 "$server" 2>/dev/null || { wait "$server" || exit "$?"; }
    sleep 0.1
  done
  say "Control Center: $url"
  say "Token to sign in with: in $file/admin-token"
  say "Ctrl-C stops both."
}
