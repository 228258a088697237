// What deploy/ holds: the unit as systemd reads it, and the proxy as it is configured there, in front of the program.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';

import { check, finish } from '../../support/checks.mjs';
import { endsWithUs } from '../../support/children.mjs';
import { ControlCenter, until } from '../../support/control_center.mjs';
import { Simulator } from '../../support/simulator.mjs';

const deploy = join(dirname(fileURLToPath(import.meta.url)), '../../../deploy');
const scratch = mkdtempSync(join(tmpdir(), 'cc-deploy-'));
const program = join(process.env.CC_BIN, 'control-center');

// ---- the unit

const unit = readFileSync(join(deploy, 'control-center.service'), 'utf8');
const installed = join(scratch, 'control-center.service');
writeFileSync(installed, unit.replaceAll('/usr/local/bin/control-center', program));

await check('systemd understands every line of the unit', () => {
  const done = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', installed], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
  assert.equal(done.stderr.split('\n').filter((line) => line.includes('control-center.service')).join('\n'), '');
});

await check('the unit is shut in as far as systemd can tell', () => {
  const done = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', '--no-pager', installed], { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stdout + done.stderr);
  assert.match(done.stdout, /Overall exposure level for control-center\.service: [01]\.\d/);
});

await check('the unit leaves the program what it needs', () => {
  assert.doesNotMatch(unit, /^ProcSubset=pid/m);
  const [, words] = /^ExecStart=\S+ (.*)$/m.exec(unit);
  const config = join(scratch, 'control-center.toml');
  writeFileSync(config, 'ws_gateway_url = "off"\ngateway_url = "off"\n', { mode: 0o600 });
  const args = words.replace('/etc/control-center/control-center.toml', config).replace('serve', 'doctor').split(' ');
  const done = spawnSync(program, args, { env: { CONTROL_CENTER_DATA_DIR: join(scratch, 'data') }, encoding: 'utf8' });
  assert.match(done.stdout, /^ok +configuration/m, done.stdout + done.stderr);
});

/** What systemd would be told: the lines that come to a socket, as they come. */
function notified(socket) {
  const script = 'import socket, sys\ns = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\nprint("bound", flush=True)\nwhile True: print(s.recv(99).decode(), flush=True)';
  const listener = endsWithUs(spawn('python3', ['-c', script, socket], { stdio: ['ignore', 'pipe', 'inherit'] }));
  const lines = [];
  listener.stdout.setEncoding('utf8').on('data', (text) => lines.push(...text.trim().split('\n')));
  return { lines, listener };
}

await check('systemd is told when it serves, that it lives, and when it stops', async () => {
  const socket = join(scratch, 'notify');
  const { lines, listener } = notified(socket);
  await until('the socket', () => lines.includes('bound'), 5000);
  const center = await ControlCenter.start({ WS_GATEWAY_URL: 'off', GATEWAY_URL: 'off', NOTIFY_SOCKET: socket, WATCHDOG_USEC: '300000' });
  await until('ready', () => lines.includes('READY=1'), 5000, center);
  assert.equal((await center.ask('/readyz')).status, 200);
  await until('signs of life', () => lines.filter((line) => line === 'WATCHDOG=1').length > 3, 5000, center);
  await center.stop();
  await until('the end', () => lines.includes('STOPPING=1'), 5000);
  assert.equal(lines.filter((line) => line === 'READY=1').length, 1);
  listener.kill('SIGKILL');
});

// ---- the proxy

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

const simulator = await Simulator.start(['--agents', 5, '--sessions', 10]);
const center = await ControlCenter.start({
  ...simulator.env, CONTROL_CENTER_TRUSTED_PROXIES: '127.0.0.1', CONTROL_CENTER_ALLOWED_HOSTS: 'center.example',
});
const port = await freePort();
const files = { cert: join(scratch, 'cert.pem'), key: join(scratch, 'key.pem') };
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
  '-subj', '/CN=center.example', '-addext', 'subjectAltName=DNS:center.example', '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
const server = readFileSync(join(deploy, 'nginx.conf'), 'utf8')
  .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
  .replace('http://127.0.0.1:8787', center.url)
  .replace('/etc/control-center/cert.pem', files.cert)
  .replace('/etc/control-center/key.pem', files.key);
for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(scratch, name));
writeFileSync(join(scratch, 'nginx.conf'), `
daemon off;
pid ${scratch}/nginx.pid;
error_log ${scratch}/error.log;
events { worker_connections 200; }
http {
    access_log off;
    client_body_temp_path ${scratch}/body; proxy_temp_path ${scratch}/proxy;
    fastcgi_temp_path ${scratch}/fastcgi; uwsgi_temp_path ${scratch}/uwsgi; scgi_temp_path ${scratch}/scgi;
${server}}
`);
const proxy = endsWithUs(spawn('/usr/sbin/nginx', ['-p', scratch, '-c', join(scratch, 'nginx.conf'), '-g', 'master_process off;'], { stdio: 'ignore' }));

const through = { host: '127.0.0.1', port, servername: 'center.example', ca: readFileSync(files.cert), agent: false };
function ask(path, { method = 'GET', headers = {}, body, token = center.token } = {}) {
  return new Promise((resolve, reject) => {
    const all = { host: 'center.example', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers };
    if (body !== undefined) all['content-type'] = 'application/json';
    const request = https.request({ ...through, path, method, headers: all }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (data) => { text += data; });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

await until('the proxy answers', async () => (await ask('/healthz', { token: null })).status === 200, 10_000, center);

await check('through the proxy a browser is signed in over TLS, by its own address', async () => {
  const forged = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'http' };
  const answer = await ask('/api/v1/session', { method: 'POST', token: null, headers: forged, body: JSON.stringify({ token: center.token }) });
  assert.equal(answer.status, 204, answer.text);
  assert.match(answer.headers['set-cookie'][0], /^__Host-control_center_session_\d+=[^;]+; Secure;/);
  const { items } = await center.get('/api/v1/audit');
  assert.equal(items[0].event, 'sign-in');
  assert.equal(items[0].address, '127.0.0.1');
});

await check('the stream comes through the proxy event by event', async () => {
  await center.until('live', 'gateway', 'default', (row) => row?.state === 'live');
  let told = '';
  const request = https.get({ ...through, path: '/api/v1/stream', headers: { host: 'center.example', authorization: `Bearer ${center.token}` } }, (response) => {
    response.setEncoding('utf8');
    response.on('data', (data) => { told += data; });
  });
  await until('the first bytes', () => told.includes('retry:'), 5000, center);
  await simulator.post('run', { agentId: 'main', durationMs: 20, outcome: 'done' });
  await until('an event', () => told.includes('event: agent.update'), 5000, center);
  request.destroy();
});

await check('two readings of one request do not get past the proxy and the program', async () => {
  const say = (bytes) => new Promise((resolve) => {
    let heard = '';
    const socket = tls.connect({ ...through }, () => socket.write(bytes));
    socket.setEncoding('latin1');
    socket.on('data', (data) => { heard += data; });
    socket.on('close', () => resolve(heard));
    socket.on('error', () => resolve(heard));
    setTimeout(() => socket.destroy(), 1500);
  });
  const head = `POST /api/v1/session HTTP/1.1\r\nHost: center.example\r\nContent-Type: application/json\r\n`;
  const hidden = 'GET /api/v1/tokens HTTP/1.1\r\nHost: center.example\r\n\r\n';
  const answers = await Promise.all([
    say(`${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`),
    say(`${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`),
    say(`${head}Content-Length: 5\r\nContent-Length: 0\r\n\r\n${hidden}`),
    say(`${head}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`),
  ]);
  for (const heard of answers) {
    assert.match(heard, /^HTTP\/1\.1 [45]\d\d/, heard);
    assert.equal(heard.match(/HTTP\/1\.1 \d\d\d/g).length, 1, heard);
  }
});

// ---- the other proxies

const caddyfile = readFileSync(join(deploy, 'Caddyfile'), 'utf8');

await check('the stream comes through Caddy event by event, and a browser is signed in over TLS', async () => {
  const caddyPort = await freePort();
  writeFileSync(join(scratch, 'Caddyfile'), `{\n\tadmin off\n\tauto_https off\n}\n${caddyfile
    .replace('center.example {', `https://127.0.0.1:${caddyPort}, https://center.example:${caddyPort} {\n\ttls ${files.cert} ${files.key}`)
    .replace('127.0.0.1:8787', center.url.replace('http://', ''))}`);
  const caddy = endsWithUs(spawn('caddy', ['run', '--config', join(scratch, 'Caddyfile'), '--adapter', 'caddyfile'], { stdio: 'ignore', env: { HOME: scratch } }));
  const by = { ...through, port: caddyPort };
  const said = (path, options = {}) => new Promise((resolve, reject) => {
    const request = https.request({ ...by, path, method: options.method ?? 'GET', headers: { host: 'center.example', ...options.headers } }, resolve);
    request.on('error', reject);
    request.end(options.body);
  });
  await until('Caddy answers', () => said('/healthz').then((answer) => answer.resume().statusCode === 200, () => false), 10_000, center);
  const signedIn = await said('/api/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token: center.token }) });
  assert.match(signedIn.resume().headers['set-cookie'][0], /^__Host-control_center_session_/);
  const stream = await said('/api/v1/stream', { headers: { authorization: `Bearer ${center.token}` } });
  let told = '';
  stream.setEncoding('utf8').on('data', (data) => { told += data; });
  await until('the first bytes', () => told.includes('retry:'), 5000, center);
  await simulator.post('run', { agentId: 'main', durationMs: 20, outcome: 'done' });
  await until('an event', () => told.includes('event: agent.update'), 5000, center);
  stream.destroy();
  caddy.kill('SIGTERM');
});

// ---- files that others read

/** The documents of a YAML file. */
function yaml(name) {
  const script = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))';
  return JSON.parse(execFileSync('python3', ['-c', script, join(deploy, name)], { encoding: 'utf8' }));
}

/** The settings among environment variables, as the program takes them. */
function understood(environment) {
  const env = { CONTROL_CENTER_DATA_DIR: join(scratch, 'understood'), CONTROL_CENTER_SECRET_FILES: 'mounted' };
  for (const [name, value] of Object.entries(environment)) env[name] = name.endsWith('_FILE') || name.endsWith('_DIR') ? join(scratch, 'secret') : value;
  env.CONTROL_CENTER_DATA_DIR = join(scratch, 'understood');
  writeFileSync(join(scratch, 'secret'), 'a secret of sixteen characters', { mode: 0o600 });
  const done = spawnSync(program, ['doctor'], { env, encoding: 'utf8' });
  assert.match(done.stdout, /^ok +configuration: understood/m, done.stdout + done.stderr);
}

await check('the compose file gives the container what it needs and no more', () => {
  const [{ services: { 'control-center': service }, secrets, volumes }] = yaml('compose.yaml');
  assert.deepEqual(service.extra_hosts, ['host.docker.internal:host-gateway']);
  assert.deepEqual(service.ports, ['127.0.0.1:8787:8787']);
  assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']]);
  assert.ok(service.secrets.every((name) => name in secrets));
  assert.ok(service.volumes.every((mount) => mount.split(':')[0] in volumes));
  understood(service.environment);
});

await check('the manifests for Kubernetes belong together', () => {
  const objects = yaml('kubernetes.yaml');
  const of = (kind) => objects.find((object) => object.kind === kind);
  assert.deepEqual(objects.map(({ kind }) => kind), ['Secret', 'PersistentVolumeClaim', 'Deployment', 'Service', 'NetworkPolicy']);
  const { spec: pod, metadata } = of('Deployment').spec.template;
  const [container] = pod.containers;
  for (const selector of [of('Deployment').spec.selector.matchLabels, of('Service').spec.selector, of('NetworkPolicy').spec.podSelector.matchLabels]) assert.deepEqual(selector, metadata.labels);
  assert.equal(of('Deployment').spec.strategy.type, 'Recreate');
  assert.deepEqual(container.volumeMounts.map(({ name }) => name), pod.volumes.map(({ name }) => name));
  assert.equal(pod.volumes[0].persistentVolumeClaim.claimName, of('PersistentVolumeClaim').metadata.name);
  assert.equal(pod.volumes[1].secret.secretName, of('Secret').metadata.name);
  const mount = container.volumeMounts[1].mountPath;
  const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
  for (const [name, value] of Object.entries(environment)) if (name.endsWith('_FILE')) assert.ok(Object.keys(of('Secret').stringData).some((key) => value === `${mount}/${key}`), value);
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) assert.match(container[probe].httpGet.path, /^\/(readyz|healthz)$/);
  assert.ok(container.securityContext.readOnlyRootFilesystem && pod.securityContext.runAsNonRoot);
  understood(environment);
});

await check('the file for Traefik leads from the name to the program', () => {
  const [{ http: { routers, services } }] = yaml('traefik.yaml');
  const router = routers['control-center'];
  assert.equal(router.rule, 'Host(`center.example`)');
  assert.deepEqual(services[router.service].loadBalancer.servers, [{ url: 'http://127.0.0.1:8787' }]);
});

proxy.kill('SIGTERM');
await center.stop();
simulator.stop();
rmSync(scratch, { recursive: true, force: true });
finish();
