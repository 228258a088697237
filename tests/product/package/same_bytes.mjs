// A commit gives the same bytes, in whatever folder it is built.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { check } from '../../support/checks.mjs';
import { Dist, root, run, scratch } from './dist.mjs';

export async function sameBytes(dist) {
  const why = dist.version.endsWith('.draft') ? 'the tree has changes that are in no commit' : null;
  await check('another clone in another folder gives the same bytes, without what compilers had kept', () => {
    const clone = join(scratch, 'another/place/for/the/clone');
    run('git', ['clone', '--quiet', root, clone]);
    const other = Dist.make(clone, { CCACHE_RECACHE: '1' });
    const sums = (made) => readFileSync(join(made.dir, 'SHA256SUMS'), 'utf8');
    assert.equal(sums(other), sums(dist));
  }, why);
}
