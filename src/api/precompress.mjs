// Puts compressed variants beside the files of a folder, where they are smaller: the server picks one and compresses
// nothing itself. Run as: node precompress.mjs FOLDER
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2];
const finished = /\.(woff2|png|br|gz)$/; // compressed as they are
const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
const variants = [['.br', brotli], ['.gz', (bytes) => gzipSync(bytes, { level: 9 })]];

for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || finished.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const bytes = readFileSync(file);
  for (const [suffix, compress] of variants) {
    const compressed = compress(bytes);
    if (compressed.length < bytes.length) writeFileSync(file + suffix, compressed);
  }
}
