import { LiveHub } from './live_hub';
import type { Delivery, PageMessage } from './protocol';
import workerUrl from './worker.ts?sharedworker&url';

/** A page's connection to the hub. */
export interface Line {
  say(kind: PageMessage['kind']): void;
}

/** The pause between two deliveries. Nobody reads faster, and scrolling needs the time. */
const restMs = 80;
/** The same where nobody looks, but wants to be notified. */
const hiddenRestMs = 2_000;

/**
 * Connects to the one hub of this browser, or to its own hub if there are no shared workers. After a pause, news is passed on
 * at once; in a torrent, a few times a second, each time in its own frame; nothing while the page is hidden, unless it
 * `followsHidden`. `signedIn`: as far as it is known; else the server is asked only once somebody signs in, here or in another
 * tab.
 */
export function connect(
  onDelivery: (delivery: Delivery) => void,
  signedIn: boolean,
  followsHidden: () => boolean,
): Line {
  let port = openShared(() => {
    port = openOwn();
    listen();
  });
  const say = (kind: PageMessage['kind']) => {
    const message: PageMessage = { kind };
    port.postMessage(message);
  };
  const listen = () => {
    port.onmessage = (event: MessageEvent<Delivery>) => {
      onDelivery(event.data);
      const next = () => {
        say('next');
      };
      if (document.hidden && followsHidden()) setTimeout(next, hiddenRestMs);
      else setTimeout(() => requestAnimationFrame(next), restMs);
    };
    if (signedIn) say('begin');
    say('next');
  };
  listen();
  tellOfSleep(say);
  // A frame that was waited for does not come any more.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && followsHidden()) say('next');
  });
  return { say };
}

function openShared(onFailure: () => void): MessagePort {
  if (typeof SharedWorker === 'undefined') return openOwn();
  try {
    const worker = new SharedWorker(trusted(workerUrl), { type: 'module', name: 'live' });
    worker.onerror = onFailure;
    return worker.port;
  } catch {
    return openOwn();
  }
}

function openOwn(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  new LiveHub().attach(port2);
  return port1;
}

// The only script URL that the page makes. Trusted Types require a policy for it.
function trusted(url: string): string {
  const policy = window.trustedTypes?.createPolicy('control-center', {
    createScriptURL: (known) => known,
  });
  return (policy?.createScriptURL(url) as string | undefined) ?? url;
}

function tellOfSleep(say: Line['say']): void {
  const wake = () => {
    if (document.visibilityState === 'visible') say('wake');
  };
  addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  addEventListener('pagehide', () => {
    say('leave');
  });
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    say('next');
    wake();
  });
}
