import { expect, test } from 'vitest';
import { Attack, AttackList } from '../../src/api/schemas/attack.ts';
import { catalogueServer } from '../recommend/sample.ts';
import { app } from './sample.ts';

test('attacks are listed, told one by one, and as their schemas say', async () => {
  const site = app();
  const { attacks } = AttackList.parse(await (await site.request('/v1/attacks')).json());
  expect(attacks.length).toBeGreaterThanOrEqual(50);
  expect(attacks.map(({ date }) => date)).toEqual(
    attacks
      .map(({ date }) => date)
      .toSorted()
      .reverse(),
  );
  for (const { id, title } of attacks) {
    const one = Attack.parse(await (await site.request(`/v1/attacks/${id}`)).json());
    expect(one.title).toBe(title);
    expect(one.concerns.length > 0).toBe(one.unseen === undefined);
  }
});

test('an attack that there is not is a problem that says so', async () => {
  for (const id of ['nothing', '__proto__', '..%2F..%2Fcurations', '%00']) {
    const response = await app().request(`/v1/attacks/${id}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'urn:plimsoll:problem:no-such-attack' });
  }
});

test('a tool names the attacks that fit it, with the reason', async () => {
  const inputSchema = { type: 'object', properties: { url: { type: 'string' } } };
  const server = catalogueServer([{ name: 'fetch_url', category: 'Read', inputSchema }]);
  const site = app({}, { find: async () => ({ server, canonical: true }) });
  const { attacks } = (await (await site.request('/v1/servers/x/tools/fetch_url')).json()) as { attacks: unknown[] };
  expect(attacks[0]).toEqual({
    id: 'fetch-server-imds',
    title: "Fetching a page, fetching a cloud's keys",
    because: 'it fetches whatever address its argument url names',
  });
});
