import assert from 'node:assert/strict';
import test from 'node:test';

import { bill, debian, licences, npm } from './sbom.mjs';

test('a licence is an id, several are an expression', () => {
  assert.deepEqual(licences('MIT'), [{ license: { id: 'MIT' } }]);
  assert.deepEqual(licences('(MIT OR Apache-2.0)'), [{ expression: 'MIT OR Apache-2.0' }]);
});

test('packages are named as their registries name them', () => {
  assert.equal(debian('binary libssl-dev 3.0.19-1~deb12u2 Apache-2.0').purl, 'pkg:deb/debian/libssl-dev@3.0.19-1~deb12u2');
  assert.equal(debian('binary libgcc-12-dev 12.2.0-14+deb12u1 GPL-3.0-or-later WITH GCC-exception-3.1').licenses[0].expression, 'GPL-3.0-or-later WITH GCC-exception-3.1');
  assert.equal(npm({ name: '@a/b', version: '1.0.0', license: 'MIT' }).purl, 'pkg:npm/%40a/b@1.0.0');
});

test('the same content gives the same bill, whatever its order', () => {
  const [one, two] = [npm({ name: 'a', version: '1', license: 'MIT' }), npm({ name: 'b', version: '1', license: 'MIT' })];
  assert.deepEqual(bill('1', 0, [one, two, one]), bill('1', 0, [two, one]));
  assert.notEqual(bill('1', 0, [one]).serialNumber, bill('1', 0, [two]).serialNumber);
  assert.match(bill('1', 0, []).serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});
