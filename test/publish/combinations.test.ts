import { expect, test } from 'vitest';
import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Verdict } from '#domain/verdict.ts';
import { liveLinks } from '#publish/addresses/links.ts';
import { combinationsSection } from '#publish/facts/combinations.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import { catalogueServer, evidence } from '../recommend/sample.ts';

/** A server whose tools have these facets. */
function server(facets: Readonly<Record<string, readonly string[]>>): CatalogueServer {
  const made = catalogueServer(Object.keys(facets).map((name) => ({ name, category: 'Read' })));
  return {
    ...made,
    tools: made.tools.map((tool) => {
      const { name } = tool.definition;
      const found = facets[name]!.map((facet): [string, Verdict['facets'][string]] => {
        const proof = evidence(tool.definition, `facet:${facet}`, name, 'x');
        return [facet, { value: true, evidence: [proof] }];
      });
      const verdict = { ...tool.assessment!.verdict, facets: Object.fromEntries(found) };
      return { ...tool, assessment: { ...tool.assessment!, verdict } };
    }),
  };
}

test('the lethal trifecta is named with the tools that make it, and a leg less is none', async () => {
  const legs = { get_mail: ['reads-private-data'], 'fetch<page>': ['reads-untrusted-content'], send: ['sends-out'] };
  const text = String(await combinationsSection(server(legs), liveLinks()));
  expect(text).toContain('id="c-lethal-trifecta"');
  for (const name of ['get_mail', 'fetch&lt;page>', 'send']) expect(text).toContain(name);
  expect(text).not.toContain('fetch<page>');
  const { send: _, ...rest } = legs;
  expect(combinationsOf(server(rest)).map(({ id }) => id)).not.toContain('lethal-trifecta');
  expect(await combinationsSection(server({ plain: [] }), liveLinks())).toBe('');
});
