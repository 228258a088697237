// The tester's end of faulty_disk.cc: what the disk under a running Control Center does from now on.
import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

export class FaultyDisk {
  constructor() {
    this.orders = join(mkdtempSync(join(tmpdir(), 'cc-faulty-disk-')), 'orders');
    this.file = openSync(this.orders, 'w');
    this.set();
  }

  /** For the environment of the program. */
  get env() {
    return { LD_PRELOAD: join(process.env.CC_BUILD, 'release/bin/libfaulty_disk.so'), FAULTY_DISK: this.orders };
  }

  /** `error`: the name of what every write and sync fails with, EROFS or ENOSPC say; `syncMs`: how much longer a sync takes. */
  set({ error = null, syncMs = 0 } = {}) {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(error ? constants.errno[error] : 0, 0);
    bytes.writeInt32LE(syncMs, 4);
    writeSync(this.file, bytes, 0, 8, 0);
  }

  close() { closeSync(this.file); }
}
