// The bill of materials in CycloneDX: sbom.mjs VERSION WEB BUNDLED < packages. Each line of `packages` is a Debian package
// that went in: where (binary, image), name, version, licence. BUNDLED lists the folders of npm packages below WEB.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** SPDX: one licence has an id, several are an expression. */
export const licences = (text) => (text.includes(' ') ? [{ expression: text.replace(/^\((.*)\)$/, '$1') }] : [{ license: { id: text } }]);

const component = (name, version, purl, licence, where) => ({
  type: 'library', 'bom-ref': purl, name, version, licenses: licences(licence), purl,
  properties: [{ name: 'control-center:part-of', value: where }],
});

export function debian(line) {
  const [where, name, version, ...licence] = line.split(' ');
  return component(name, version, `pkg:deb/debian/${name}@${encodeURIComponent(version)}`, licence.join(' '), where);
}

export function npm({ name, version, license }) {
  return component(name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`, license, 'dashboard');
}

/** What the file with the licence says that it is: `MIT`, for "MIT License". */
function titleOf(folder) {
  const file = readdirSync(folder).sort().find((name) => /^licen[cs]e/i.test(name));
  return file && /^(?:The )?([\w.-]+) License/.exec(readFileSync(join(folder, file), 'utf8').trim())?.[1];
}

/** A UUID of the content, so that the same content has the same. */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function bill(version, epoch, components) {
  const unique = [...new Map(components.map((one) => [one.purl, one])).values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const metadata = {
    timestamp: new Date(epoch * 1000).toISOString(),
    component: { type: 'application', 'bom-ref': 'control-center', name: 'control-center', version, licenses: licences('MIT') },
  };
  const content = { version: 1, metadata, components: unique };
  return { bomFormat: 'CycloneDX', specVersion: '1.5', serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`, ...content };
}

if (import.meta.main) {
  const [version, web, bundled] = process.argv.slice(2);
  const lines = readFileSync(0, 'utf8').trim().split('\n');
  const packages = JSON.parse(readFileSync(bundled, 'utf8')).map((folder) => ({ license: titleOf(join(web, folder)), ...JSON.parse(readFileSync(join(web, folder, 'package.json'), 'utf8')) }));
  console.log(JSON.stringify(bill(version, Number(process.env.SOURCE_DATE_EPOCH), [...lines.map(debian), ...packages.map(npm)]), null, 1));
}
