import { loadClassifier } from '#classify/assess.ts';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { corpus } from '../../test/support/corpus.ts';

const AT = new Date('2026-11-01T00:00:00Z');

/** The servers of the corpus as the catalogue would know them, assessed by the rules. */
export async function assessedCorpus(): Promise<readonly (CatalogueServer & { readonly siblings: string })[]> {
  const classifier = await loadClassifier();
  return corpus().map(({ server, tools }, at) => {
    const names = tools.map(({ name }) => name);
    const siblings = siblingsHash(names);
    const known = new Map(
      tools.map((definition): [string, CatalogueTool] => {
        const fingerprint = definitionFingerprint(definition);
        const verdict = classifier.assess(definition, names);
        const key = { fingerprint, siblings, rules: classifier.rules, prompt: '', model: '' };
        const assessment = { ...key, verdict, assessedAt: AT };
        return [
          fingerprint,
          { definition, fingerprint, provenance: 'listed', firstSeen: AT, lastSeen: AT, assessment },
        ];
      }),
    );
    const slug = `corpus/${at}-${server.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}`;
    const base = { id: `corpus:${at}`, slug, name: server, packages: [], remotes: [], sources: ['corpus'] };
    return { ...base, firstSeen: AT, lastSeen: AT, siblings, tools: [...known.values()] };
  });
}
