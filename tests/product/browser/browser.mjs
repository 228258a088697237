// Chromium as a person at the dashboard uses it. Whatever a check is about, a page must never open a dialog, break its
// content security policy, throw, or ask another host: every visit is watched for that.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];

export const wide = { width: 1440, height: 900 };
export const phone = { width: 360, height: 740 };

let running;

async function chromiumProcess() {
  // One that crashed fails the check that it was open in, and no other.
  if (running && !(await running).isConnected()) running = undefined;
  running ??= chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: flags });
  return running;
}

export async function closeBrowser() {
  await (await running)?.close();
  running = undefined;
}

/** What the network says while the server is away is no fault of the page. */
const isOfTheNetwork = (text) => /Failed to load resource|net::ERR_/.test(text);

/** One browser profile at one Control Center: its tabs share cookies and the worker. */
export class Visit {
  /** Signed in, unless told otherwise. */
  static async to(center, { size = wide, theme = 'light', signedIn = true, mobile = false, prepare } = {}) {
    const browser = await chromiumProcess();
    const visit = new Visit();
    visit.center = center;
    visit.faults = [];
    visit.context = await browser.newContext({ baseURL: center.url, viewport: size, colorScheme: theme, reducedMotion: 'reduce', isMobile: mobile, hasTouch: mobile });
    visit.context.setDefaultTimeout(15_000);
    await visit.#watch();
    if (prepare) await visit.context.addInitScript(prepare);
    if (signedIn) await visit.signIn();
    return visit;
  }

  async #watch() {
    await this.context.exposeFunction('__violated', (text) => this.faults.push(`policy: ${text}`));
    await this.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        window.__violated(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    this.context.on('dialog', (dialog) => {
      this.faults.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => {});
    });
    this.context.on('weberror', (error) => this.faults.push(`error: ${error.error().stack}`));
    this.context.on('console', (message) => {
      if (message.type() === 'error' && !isOfTheNetwork(message.text())) this.faults.push(`console: ${message.text()}`);
    });
    this.context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.host !== new URL(this.center.url).host) this.faults.push(`another host: ${url.host}`);
    });
  }

  async signIn() {
    const answer = await this.context.request.post('/api/v1/session', { data: { token: this.center.token } });
    assert.equal(answer.status(), 204);
  }

  /** A tab. The pages' content is there once it returns. */
  async open(path = '/') {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  /** Ends the visit: nothing may have gone wrong on the way. */
  async end() {
    await this.context.close();
    assert.deepEqual([...new Set(this.faults)], []);
  }
}

/** Runs `body` with a visit, and ends it. */
export async function visiting(center, options, body) {
  const visit = await Visit.to(center, options);
  let done = false;
  try {
    await body(visit);
    done = true;
  } finally {
    if (done) await visit.end();
    else {
      await visit.context.close();
      for (const fault of new Set(visit.faults)) console.log(`        on the way: ${fault}`);
    }
  }
}
