import assert from 'node:assert/strict';

import { check } from '../../support/checks.mjs';
import { visiting } from './browser.mjs';
import { agentRow, expectEqual, heading } from './looking.mjs';
import { oneGateway, within } from './scenes.mjs';

const readers = async (center) => Number(/^control_center_stream_readers (\d+)/m.exec(await center.metrics())[1]);

await check('tabs: twelve of them share one stream, and each shows what happens', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, {}, async (visit) => {
      const pages = await Promise.all(Array.from({ length: 12 }, () => visit.open('/')));
      for (const page of pages) await heading(page, 'Fleet');
      assert.equal(await readers(center), 1);
      await simulator.post('agents', { op: 'create', id: 'newcomer', name: 'Newcomer' });
      for (const page of pages) {
        await page.bringToFront();
        await agentRow(page, 'Newcomer').waitFor();
      }
      assert.equal(await readers(center), 1);
      for (const page of pages) await page.close();
      await expectEqual('the stream ends with the last tab', () => readers(center), 0);
    })));

await check('tabs: without shared workers a tab follows by itself', () =>
  within(oneGateway({ agents: 4 }), ({ center, simulator }) =>
    visiting(center, { prepare: () => { delete window.SharedWorker; } }, async (visit) => {
      const page = await visit.open('/');
      await heading(page, 'Fleet');
      assert.equal(await page.evaluate(() => typeof SharedWorker), 'undefined');
      await simulator.post('agents', { op: 'create', id: 'newcomer', name: 'Newcomer' });
      await agentRow(page, 'Newcomer').waitFor();
      assert.equal(await readers(center), 1);
    })));
