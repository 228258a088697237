// The dashboard in Chromium, on the built program and simulated gateways.
import { finish } from '../../support/checks.mjs';
import { closeBrowser } from './browser.mjs';

await import('./sign_in.mjs');
await import('./fleet.mjs');
await import('./table.mjs');
await import('./kept.mjs');
await import('./sessions.mjs');
await import('./session.mjs');
await import('./activity.mjs');
await import('./settings.mjs');
await import('./keyboard.mjs');
await import('./approvals.mjs');
await import('./acting.mjs');
await import('./live.mjs');
await import('./silence.mjs');
await import('./frame.mjs');
await import('./base_path.mjs');
await import('./tabs.mjs');
await import('./hostile_text.mjs');
await import('./appearance.mjs');
await import('./accessibility.mjs');

await closeBrowser();
finish();
