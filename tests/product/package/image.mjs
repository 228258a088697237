// An image in the layout of the OCI.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { unpack } from './dist.mjs';

export class Image {
  constructor(archive) {
    this.dir = unpack(archive);
    this.index = this.json('index.json');
    this.manifest = this.blob(this.index.manifests[0]);
    this.config = this.blob(this.manifest.config);
    this.layer = this.path(this.manifest.layers[0]);
  }

  json(name) { return JSON.parse(readFileSync(join(this.dir, name), 'utf8')); }
  path({ digest }) { return join(this.dir, 'blobs', digest.replace(':', '/')); }
  blob(descriptor) { return JSON.parse(readFileSync(this.path(descriptor), 'utf8')); }

  /** The blobs whose name is not the hash of their content. */
  wrongBlobs() {
    const dir = join(this.dir, 'blobs/sha256');
    return readdirSync(dir).filter((name) => createHash('sha256').update(readFileSync(join(dir, name))).digest('hex') !== name);
  }
}
