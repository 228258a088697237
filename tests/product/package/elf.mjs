// What readelf tells of a program.
import { execFileSync } from 'node:child_process';

const readelf = (file, ...options) => execFileSync('readelf', ['--wide', ...options, file], { encoding: 'utf8', maxBuffer: 1 << 28 });

export class Elf {
  constructor(file) {
    this.header = readelf(file, '-h');
    this.segments = readelf(file, '-l');
    this.dynamic = readelf(file, '-d');
    this.symbols = readelf(file, '--dyn-syms');
    this.sections = readelf(file, '-S');
  }

  /** The shared libraries that it needs. */
  get needed() { return [...this.dynamic.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name); }

  /** The newest version of glibc that it asks for: `2.36`. */
  get glibc() {
    const versions = [...this.symbols.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)]);
    return versions.sort(([a, b], [c, d]) => a - c || b - d).at(-1).join('.');
  }

  asks(symbol) { return new RegExp(` ${symbol}@`).test(this.symbols); }
}
