// The artefacts, without installing any.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { check } from '../../support/checks.mjs';
import { entries, root, run, scratch, unpack } from './dist.mjs';
import { Elf } from './elf.mjs';
import { Image } from './image.mjs';

const MiB = 1 << 20;
const read = (...path) => readFileSync(join(...path), 'utf8');

export async function inside(dist) {
  const folder = unpack(dist.program, 1);
  await aboutProgram(dist, folder);
  await aboutPackage(dist);
  await aboutImage(dist);
  await aboutManuals(folder);
  await aboutRecords(dist);
}

async function aboutProgram(dist, folder) {
  const program = join(folder, 'control-center');

  await check('the program needs nothing but the glibc of Debian 12', () => {
    const elf = new Elf(program);
    assert.deepEqual(elf.needed.filter((name) => !/^(libc\.so\.6|libm\.so\.6|ld-linux.*)$/.test(name)), []);
    assert.ok(Number(elf.glibc.split('.')[1]) <= 36, elf.glibc);
    assert.ok(statSync(program).size <= 15 * MiB, `${statSync(program).size} bytes`);
    assert.equal(run(program, ['version']), `control-center ${dist.version}\n`);
  });

  await check('the program is hardened', () => {
    const elf = new Elf(program);
    assert.match(elf.header, /Type: +DYN \(Position-Independent Executable/);
    assert.match(elf.segments, /GNU_RELRO/);
    assert.match(elf.dynamic, /BIND_NOW/);
    assert.match(elf.segments, /GNU_STACK.* RW /);
    assert.ok(elf.asks('__stack_chk_fail'), 'no stack protector');
    assert.match(elf.symbols, /__(memcpy|snprintf|vsnprintf|read|fprintf)_chk@/);
    assert.doesNotMatch(elf.dynamic, /R(UN)?PATH/);
  });

  await check('its functions begin where an indirect call may go', () => {
    const code = run('objdump', ['-d', '--section=.text', '--no-show-raw-insn', program]);
    assert.ok(code.match(/\tendbr64/g).length > 5000);
  }, process.arch === 'x64' ? null : 'it is of x86-64');

  await check('its symbols are in a file of their own that belongs to it', () => {
    assert.doesNotMatch(new Elf(program).sections, / \.(symtab|debug_info) /);
    const symbols = join(unpack(dist.symbols, 1), 'control-center.debug');
    const id = (file) => /Build ID: (\w+)/.exec(run('readelf', ['-n', file]))[1];
    assert.equal(id(symbols), id(program));
    assert.match(run('readelf', ['--wide', '-S', symbols]), / \.debug_info /);
  });

  await check('nothing in it tells the folder that it was built in', () => {
    const found = spawnSync('grep', ['-c', '-F', `${root}/`, program], { encoding: 'utf8' });
    assert.equal(found.stdout.trim(), '0');
  });
}

async function aboutPackage(dist) {
  await check('lintian finds nothing in the Debian package', () => {
    const done = spawnSync('lintian', ['--fail-on', 'error,warning', '--tag-display-limit', '0', dist.deb], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stdout + done.stderr);
    assert.doesNotMatch(done.stdout, /^[EW]:/m);
  });

  await check('the Debian package holds what belongs to a service', () => {
    const names = run('dpkg-deb', ['--fsys-tarfile', dist.deb], { encoding: 'buffer' });
    writeFileSync(join(scratch, 'fsys.tar'), names);
    const held = entries(join(scratch, 'fsys.tar'));
    const has = (name) => held.some((entry) => entry.name === name);
    for (const name of [
      'usr/bin/control-center', 'etc/control-center/control-center.toml', 'lib/systemd/system/control-center.service',
      'usr/lib/sysusers.d/control-center.conf', 'usr/lib/tmpfiles.d/control-center.conf', 'usr/share/man/man1/control-center.1.gz',
      'usr/share/man/man5/control-center.toml.5.gz', 'usr/share/bash-completion/completions/control-center',
      'usr/share/zsh/vendor-completions/_control-center', 'usr/share/fish/vendor_completions.d/control-center.fish',
      'usr/share/doc/control-center/copyright', 'usr/share/doc/control-center/third-party.txt.gz',
    ]) assert.ok(has(name), `${name} is missing`);
    assert.ok(held.every(({ owner }) => owner === '0/0'));
    assert.equal(run('dpkg-deb', ['--info', dist.deb, 'conffiles']).trim(), '/etc/control-center/control-center.toml');
    assert.match(run('dpkg-deb', ['--field', dist.deb, 'Depends']), /^libc6 \(>= 2\.3\d\)/);
  });

  await check('the configuration of the Debian package is one that the program understands', () => {
    const dir = join(scratch, 'deb');
    run('dpkg-deb', ['--extract', dist.deb, dir]);
    const args = ['doctor', '--config', join(dir, 'etc/control-center/control-center.toml')];
    const done = spawnSync(join(dir, 'usr/bin/control-center'), args, { encoding: 'utf8', env: { CONTROL_CENTER_DATA_DIR: join(scratch, 'data') } });
    assert.match(done.stdout, /^ok +configuration: understood/m, done.stdout + done.stderr);
    // Every setting, written with its default, is understood too.
    const text = read(dir, 'etc/control-center/control-center.toml');
    const set = text.split('\n').filter((line) => /^#\w+ = "."/.test(line) || /^#\w+ = ".[^"]+"/.test(line)).map((line) => line.slice(1));
    const gateways = set.findIndex((line) => line.startsWith('name = '));
    writeFileSync(join(scratch, 'all.toml'), set.slice(0, gateways < 0 ? undefined : gateways).join('\n'), { mode: 0o600 });
    const all = spawnSync(join(dir, 'usr/bin/control-center'), ['doctor', '--config', join(scratch, 'all.toml')], { encoding: 'utf8', env: { CONTROL_CENTER_DATA_DIR: join(scratch, 'data') } });
    assert.match(all.stdout, /^ok +configuration: understood/m, all.stdout + all.stderr);
    assert.ok(set.length > 10, set.join('\n'));
  });
}

async function aboutImage(dist) {
  const image = new Image(dist.image);

  await check('the image is laid out as the OCI wants it', () => {
    assert.deepEqual(image.json('oci-layout'), { imageLayoutVersion: '1.0.0' });
    assert.deepEqual(image.wrongBlobs(), []);
    assert.equal(image.config.rootfs.diff_ids.length, image.manifest.layers.length);
    const [{ Config: config, Layers: layers }] = image.json('manifest.json');
    assert.ok([config, ...layers].every((name) => existsSync(join(image.dir, name))));
  });

  await check('the image runs the program as nobody, and says how it is', () => {
    const { config } = image.config;
    assert.equal(config.User, '65532:65532');
    assert.deepEqual(config.Entrypoint, ['/usr/bin/control-center']);
    assert.deepEqual(Object.keys(config.Volumes), ['/var/lib/control-center']);
    assert.equal(config.StopSignal, 'SIGTERM');
    assert.deepEqual(config.Healthcheck.Test, ['CMD', '/usr/bin/control-center', 'health']);
  });

  await check('the files for Docker and Kubernetes name the image', () => {
    const [{ RepoTags: [name] }] = image.json('manifest.json');
    const tag = name.split(':')[1];
    assert.ok(read(dist.dir, 'compose.yaml').includes(`image: "control-center:\${CONTROL_CENTER_VERSION:-${tag}}"`));
    assert.ok(read(dist.dir, 'kubernetes.yaml').includes(`/control-center:${tag}\n`));
  });

  await check('the image holds the program and no shell', () => {
    const held = entries(image.layer);
    const total = held.reduce((sum, { size }) => sum + size, 0);
    assert.ok(total <= 40 * MiB, `${total} bytes`);
    assert.deepEqual(held.filter(({ mode, name }) => mode.startsWith('-') && mode.includes('x') && !/\.so(\.|$)|ld-linux/.test(name)).map(({ name }) => name), ['usr/bin/control-center']);
    assert.deepEqual(held.filter(({ mode }) => mode.includes('s')).map(({ name }) => name), []);
    const data = held.find(({ name }) => name === 'var/lib/control-center/');
    assert.equal(`${data.mode} ${data.owner}`, 'drwx------ 65532/65532');
    assert.ok(held.some(({ name }) => name === 'etc/ssl/certs/ca-certificates.crt'));
  });
}

async function aboutManuals(folder) {
  const share = join(folder, 'share');

  await check('the manual pages are without a fault', () => {
    for (const page of ['man/man1/control-center.1', 'man/man5/control-center.toml.5']) {
      const done = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', join(share, page)], { encoding: 'utf8' });
      assert.equal(done.status, 0, done.stdout);
    }
  });

  await check('the manual pages and the file tell every setting', () => {
    const { settings } = JSON.parse(run(join(folder, 'control-center'), ['describe']));
    const pages = ['man/man5/control-center.toml.5', 'control-center.toml'].map((name) => read(share, name));
    for (const { key } of settings) assert.ok(pages.every((page) => page.includes(key)), key);
    assert.ok(settings.length > 25);
  });

  await check('every shell understands its completions', () => {
    run('bash', ['-n', join(share, 'bash-completion/completions/control-center')]);
    run('zsh', ['-n', join(share, 'zsh/vendor-completions/_control-center')]);
    run('fish', ['--no-execute', join(share, 'fish/vendor_completions.d/control-center.fish')]);
  });
}

async function aboutRecords(dist) {
  await check('the sums are those of the files', () => {
    run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: dist.dir });
    const summed = read(dist.dir, 'SHA256SUMS').trim().split('\n').map((line) => line.slice(66));
    assert.deepEqual(summed.sort(), dist.names.filter((name) => !name.startsWith('SHA256SUMS')).sort());
  });

  await check('the bill of materials names what went in, with versions and licences', () => {
    const { components, bomFormat, metadata } = dist.bill;
    assert.equal(bomFormat, 'CycloneDX');
    assert.equal(metadata.component.version, dist.version);
    assert.ok(components.every(({ name, version, purl, licenses }) => name && version && purl && licenses.length === 1));
    const names = components.map(({ name }) => name);
    for (const name of ['libssl-dev', 'libsqlite3-dev', 'libc6', 'svelte', '@fontsource-variable/inter']) assert.ok(names.includes(name), `${name} is missing`);
    const built = /echo g\+\+ ((?:.|\n)*?)\n\s+;;/.exec(read(root, 'dev.d/needs.sh'))[1].match(/\S+-dev\b/g);
    const forTests = ['libgtest-dev', 'libgmock-dev', 'libbenchmark-dev'];
    assert.deepEqual(built.filter((name) => !names.includes(name) && !forTests.includes(name)), []);
  });

  await check('nothing that is released tells who built it, or when', () => {
    const times = [dist.program, dist.symbols, dist.image].map((file) => new Set(entries(file).map(({ time }) => time)));
    assert.ok(times.every((set) => set.size === 1), JSON.stringify(times.map((set) => [...set])));
    for (const file of [dist.program, dist.symbols, dist.image]) assert.ok(entries(file).every(({ owner }) => owner === '0/0'));
    assert.deepEqual(readdirSync(dist.dir).filter((name) => name.startsWith('.')), []);
  });
}
