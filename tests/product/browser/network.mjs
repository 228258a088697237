// The way between the browser and the server, which a check can cut without either of them being told.
import { connect, createServer } from 'node:net';

export class Network {
  static async to(url) {
    const network = new Network();
    network.frozen = false;
    network.sockets = new Set();
    const { hostname, port } = new URL(url);
    network.server = createServer((near) => network.#join(near, Number(port), hostname));
    await new Promise((resolve) => { network.server.listen(0, '127.0.0.1', resolve); });
    network.url = `http://127.0.0.1:${network.server.address().port}`;
    return network;
  }

  #join(near, port, host) {
    const far = connect(port, host);
    for (const [from, to] of [[near, far], [far, near]]) {
      this.sockets.add(from);
      from.on('data', (bytes) => this.frozen || to.write(bytes));
      from.on('error', () => {});
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }

  /** Nothing arrives any more, and nobody is told. */
  freeze() { this.frozen = true; }

  /** Connections of before are dead; new ones work. */
  thaw() {
    this.frozen = false;
    for (const socket of this.sockets) socket.destroy();
  }

  end() {
    this.thaw();
    this.server.close();
  }
}
