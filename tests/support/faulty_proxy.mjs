// A TCP proxy that does what networks do, on command.
import net from 'node:net';

export const FAULTS = [
  'refuse', // nobody listens
  'silent', // connects, and not a byte more
  'cut', // ends connections in the middle of what they say
  'delay', // everything comes half a second later
  'throttle', // a few kilobytes a second
  'slice', // a byte at a time
  'corrupt', // a bit is turned over now and then
  'half-close', // one direction ends
  'reset', // RST
];

export class FaultyProxy {
  static async to(port, random) {
    const proxy = new FaultyProxy();
    proxy.target = port;
    proxy.random = random;
    proxy.mode = 'none';
    proxy.pairs = new Set();
    await proxy.listen(0);
    return proxy;
  }

  listen(port) {
    this.server = net.createServer({ allowHalfOpen: true }, (client) => this.join(client));
    return new Promise((resolve, reject) => {
      this.server.on('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.port = this.server.address().port;
        resolve();
      });
    });
  }

  /** What happens from now on, also to the connections that are there. */
  async set(mode) {
    const was = this.mode;
    this.mode = mode;
    if (was === 'refuse' && mode !== 'refuse') await this.listen(this.port);
    if (mode === 'refuse') await this.stopListening();
    for (const pair of this.pairs) {
      if (mode === 'refuse' || mode === 'reset' || pair.garbled) pair.reset();
      if (mode === 'half-close') pair.upstream.end();
    }
  }

  stopListening() {
    for (const pair of this.pairs) pair.reset();
    return new Promise((resolve) => { this.server.close(resolve); });
  }

  join(client) {
    if (this.mode === 'reset') return void client.resetAndDestroy();
    const upstream = net.connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true });
    const pair = { upstream, reset: () => { client.resetAndDestroy(); upstream.destroy(); this.pairs.delete(pair); } };
    this.pairs.add(pair);
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      let last = Promise.resolve();
      from.on('data', (data) => { last = last.then(() => this.pass(data, from, to, pair)); });
      from.on('end', () => { last = last.then(() => to.end()); });
      from.on('error', () => pair.reset());
      from.on('close', () => { to.destroy(); this.pairs.delete(pair); });
    }
  }

  async pass(data, from, to, pair) {
    const write = (bytes) => { if (!to.destroyed && to.writable) to.write(bytes); };
    switch (this.mode) {
      case 'silent': return this.healed();
      case 'cut':
        write(data.subarray(0, Math.ceil(data.length / 2)));
        from.destroy();
        return to.destroy();
      case 'delay': await wait(500); return write(data);
      case 'throttle': return this.drip(data, write, 512, 100);
      case 'slice': return this.drip(data, write, 1, 0);
      case 'corrupt': {
        const turned = Buffer.from(data);
        turned[Math.floor(this.random() * turned.length)] ^= 1 << Math.floor(this.random() * 8);
        // A length that grew swallows all that comes after, so the connection must not outlive the fault.
        pair.garbled = true;
        return write(turned);
      }
      default: return write(data);
    }
  }

  /** A little at a time, until the fault is over: then the rest at once. */
  async drip(data, write, size, pause) {
    const { mode } = this;
    let at = 0;
    for (; at < data.length && this.mode === mode; at += size) {
      write(data.subarray(at, at + size));
      await wait(pause);
    }
    write(data.subarray(at));
  }

  /** What was swallowed is lost to the connection, so it must not go on afterwards as if nothing had been. */
  async healed() {
    while (this.mode === 'silent') await wait(50);
    for (const pair of this.pairs) pair.reset();
  }

  close() {
    for (const pair of this.pairs) pair.reset();
    this.server.close();
  }
}

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
