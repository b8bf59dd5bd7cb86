import { expect, test } from 'vitest';
import { addressesOf } from '#discover/identity.ts';
import requested from '#discover/sources/requested.ts';
import { discoverAt } from '../support/discover.ts';

test('what people asked for is listed under the address that they gave, and joins what is known there', async () => {
  const wanted = ['purl:pkg:npm/%40x/y', 'remote:https://mcp.acme.com/mcp', 'repository:github.com/a/b'];
  const { sightings, dropped, error } = await discoverAt(requested, 'http://127.0.0.1:1', {
    known: { requested: async () => wanted },
  });
  expect(error).toBeUndefined();
  expect(sightings.map((one) => [one.name, addressesOf(one)])).toEqual([
    ['@x/y', ['purl:pkg:npm/%40x/y']],
    ['mcp.acme.com', ['remote:https://mcp.acme.com/mcp']],
  ]);
  expect(dropped).toHaveLength(1);
});
