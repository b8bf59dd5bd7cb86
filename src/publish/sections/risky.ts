import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Rule } from '#domain/policy.ts';

/** Facets that make the argument that shows them one to watch. */
const GRAVE = [
  'reads-private-data',
  'handles-secrets',
  'runs-code',
  'touches-permissions',
  'moves-money',
  'bulk',
  'sends-out',
];

interface Place {
  readonly path: string;
  readonly field: string;
}

/**
 * Why arguments are to be watched, by the pointer to each: what its name or description shows of harm, and what the
 * policy lets through in it only under conditions. What is not there shows nothing of the kind.
 */
export function risksOf(
  { assessment }: CatalogueTool,
  rule: Rule | undefined,
  places: readonly Place[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (field: string, why: string) => {
    const known = found.get(field);
    if (!known) found.set(field, [why]);
    else if (!known.includes(why)) known.push(why);
  };
  const fields = new Set(places.map(({ field }) => field));
  if (assessment) {
    const { category, evidence, facets } = assessment.verdict;
    for (const { says, because, quote } of evidence) {
      const grave = says === 'raises' || (says === category && category !== 'Read' && category !== 'Write');
      const field = grave && ownerOf(quote.field, fields);
      if (field) add(field, because);
    }
    for (const name of GRAVE) {
      const facet = facets[name];
      if (facet?.value !== true) continue;
      for (const { because, quote } of facet.evidence) {
        const field = ownerOf(quote.field, fields);
        if (field) add(field, because);
      }
    }
  }
  for (const { conditions, on_deny } of rule?.deny_if ?? [])
    for (const { path } of conditions) addAt(path, `the policy denies some values: ${on_deny}`);
  for (const { path } of rule?.require ?? []) addAt(path, 'the policy lets only some values through');
  return found;

  function addAt(path: string, why: string): void {
    const place = places.find((one) => `args.${one.path}` === path);
    if (place) add(place.field, why);
  }
}

/** The innermost argument that a pointer leads into. */
function ownerOf(pointer: string, fields: ReadonlySet<string>): string | undefined {
  if (!pointer.startsWith('/inputSchema/')) return undefined;
  for (let field = pointer; field !== ''; field = field.slice(0, field.lastIndexOf('/')))
    if (fields.has(field)) return field;
  return undefined;
}
