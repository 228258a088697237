// Every page of the dashboard, with rows to look at.

/** name → path */
export async function pagesOf(center) {
  const [agent] = (await center.get('/api/v1/agents?sort=-sessions&limit=1')).items;
  const [session] = (await center.get('/api/v1/sessions?sort=-updatedAt&limit=1')).items;
  const part = encodeURIComponent;
  return {
    Fleet: '/',
    Agent: `/agents/${part(agent.gateway)}/${part(agent.id)}`,
    Sessions: '/sessions',
    Session: `/sessions/${part(session.gateway)}/${part(session.key)}`,
    Approvals: '/approvals',
    Activity: '/activity',
    Schedule: '/schedule',
    Gateways: '/gateways',
    Commands: '/commands',
    Settings: '/settings',
    'No such page': '/no/such/page',
  };
}

/** Opens the path; returns when what belongs to it has come. */
export async function settled(visit, path) {
  const page = await visit.open(path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('#content .skeleton').first().waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.fonts.status === 'loaded');
  await twoFrames(page);
  return page;
}

/** Whatever was decided before is painted once this returns. */
export const twoFrames = (page) =>
  page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(() => resolve())); }));
