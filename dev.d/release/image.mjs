// A container image of one layer, as an OCI layout with the manifest.json that older `docker load` asks for:
// image.mjs LAYER.tar VERSION REVISION ARCHITECTURE DIR
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const [layerFile, version, revision, architecture, dir] = process.argv.slice(2);
const created = new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000).toISOString();
const seconds = (count) => count * 1_000_000_000;
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
const repository = 'control-center';
const tag = version.replaceAll('+', '-');  // a tag may not hold a plus

function put(mediaType, bytes) {
  const hash = digest(bytes);
  writeFileSync(join(dir, 'blobs/sha256', hash), bytes);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
}
const putJson = (mediaType, value) => put(mediaType, Buffer.from(JSON.stringify(value)));
const path = ({ digest: name }) => `blobs/${name.replace(':', '/')}`;

const labels = {
  'org.opencontainers.image.title': 'Control Center',
  'org.opencontainers.image.description': 'Live dashboard and API for OpenClaw agents',
  'org.opencontainers.image.version': version,
  'org.opencontainers.image.revision': revision,
  'org.opencontainers.image.licenses': 'MIT',
};

mkdirSync(join(dir, 'blobs/sha256'), { recursive: true });
const layer = readFileSync(layerFile);
const packed = put('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(layer, { level: 9 }));
const config = putJson('application/vnd.oci.image.config.v1+json', {
  created,
  architecture,
  os: 'linux',
  config: {
    User: '65532:65532',
    ExposedPorts: { '8787/tcp': {} },
    Env: [
      'PATH=/usr/bin',
      'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      'CONTROL_CENTER_DATA_DIR=/var/lib/control-center',
      'CONTROL_CENTER_LISTEN=0.0.0.0:8787',
      'CONTROL_CENTER_SECRET_FILES=mounted',
    ],
    Entrypoint: ['/usr/bin/control-center'],
    Cmd: ['serve'],
    Volumes: { '/var/lib/control-center': {} },
    WorkingDir: '/',
    Labels: labels,
    StopSignal: 'SIGTERM',
    // Not of the OCI's own format; Docker and those like it read it.
    Healthcheck: { Test: ['CMD', '/usr/bin/control-center', 'health'], Interval: seconds(30), Timeout: seconds(10), StartPeriod: seconds(60), Retries: 3 },
  },
  rootfs: { type: 'layers', diff_ids: [`sha256:${digest(layer)}`] },
  history: [{ created, created_by: './dev release' }],
});
const manifest = putJson('application/vnd.oci.image.manifest.v1+json', {
  schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config, layers: [packed], annotations: labels,
});
const annotations = { 'org.opencontainers.image.ref.name': tag, 'io.containerd.image.name': `docker.io/library/${repository}:${tag}` };
const write = (name, value) => writeFileSync(join(dir, name), JSON.stringify(value));
write('oci-layout', { imageLayoutVersion: '1.0.0' });
write('index.json', {
  schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [{ ...manifest, platform: { architecture, os: 'linux' }, annotations }],
});
write('manifest.json', [{ Config: path(config), RepoTags: [`${repository}:${tag}`], Layers: [path(packed)] }]);
