import { LiveHub } from './live_hub';

const hub = new LiveHub();

addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port) hub.attach(port);
});
