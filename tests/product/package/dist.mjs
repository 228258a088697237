// What `./dev release` made, as the suites find it.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
export const scratch = mkdtempSync(join(tmpdir(), 'cc-package-'));

/** Runs it, and says what it printed if it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.status ?? done.signal ?? done.error}\n${done.stdout}${done.stderr}`);
  return done.stdout;
}

/** dist/ of a repository. A tree in the making gives drafts. */
export class Dist {
  static make(repository = root, environment = {}) {
    run(join(repository, 'dev'), ['release', '--draft'], { env: { ...process.env, ...environment } });
    return new Dist(repository);
  }

  constructor(repository) {
    this.dir = join(repository, 'dist');
    this.names = readdirSync(this.dir);
  }

  /** The path of the one artefact whose name ends so. */
  file(end) {
    const found = this.names.filter((name) => name.endsWith(end) && (end.includes('debug') || !name.includes('.debug.')));
    if (found.length !== 1) throw new Error(`of ${end} there is not one: ${this.names.join(' ')}`);
    return join(this.dir, found[0]);
  }

  get program() { return this.file('.tar.gz'); }
  get symbols() { return this.file('.debug.tar.gz'); }
  get deb() { return this.file('.deb'); }
  get image() { return this.file('.oci.tar'); }
  get bill() { return JSON.parse(readFileSync(this.file('.cdx.json'), 'utf8')); }
  get version() { return /control-center-(.*)-linux-/.exec(this.program)[1]; }
}

/** Unpacks an archive into a folder of its own. */
export function unpack(file, strip = 0) {
  const dir = mkdtempSync(join(scratch, 'unpacked-'));
  execFileSync('tar', ['-C', dir, `--strip-components=${strip}`, '-xf', file]);
  return dir;
}

/** The entries of an archive as `tar -tv` tells them: mode, owner, name. */
export function entries(file) {
  return run('tar', ['--numeric-owner', '-tvf', file]).trim().split('\n').map((line) => {
    const [mode, owner, size, day, hour, ...name] = line.split(/\s+/);
    return { mode, owner, size: Number(size), time: `${day} ${hour}`, name: name.join(' ').replace(/^\.\//, '').replace(/ -> .*/, '') };
  });
}
