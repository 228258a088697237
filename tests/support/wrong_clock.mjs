// The tester's end of wrong_clock.cc: by how much the clock of a running Control Center is ahead from now on.
import { mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export class WrongClock {
  constructor(aheadMs = 0) {
    this.orders = join(mkdtempSync(join(tmpdir(), 'cc-wrong-clock-')), 'orders');
    this.file = openSync(this.orders, 'w');
    this.set(aheadMs);
  }

  /** For the environment of the program. */
  get env() {
    return { LD_PRELOAD: join(process.env.CC_BUILD, 'release/bin/libwrong_clock.so'), WRONG_CLOCK: this.orders };
  }

  set(aheadMs) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(aheadMs));
    writeSync(this.file, bytes, 0, 8, 0);
  }
}
