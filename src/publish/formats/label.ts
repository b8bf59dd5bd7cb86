import { sha256 } from '#core/hash.ts';
import type { Policy } from '#domain/policy.ts';

const LONGEST = 40;

/**
 * The name under which a server stands in files for gateways: small letters, digits and single hyphens, at most 49,
 * so that every format takes it as it is (no underscore, dot, colon or slash that one of them would read as a
 * separator). The slug where that can be told from it, else with a hash; unique among the policies given.
 */
export function labelsOf(policies: readonly Policy[]): ReadonlyMap<Policy, string> {
  const plain = policies.map(({ server }) => plainLabel(server));
  const times = new Map<string | undefined, number>();
  for (const label of plain) times.set(label, (times.get(label) ?? 0) + 1);
  return new Map(
    policies.map((policy, at) => {
      const label = plain[at];
      return [policy, label !== undefined && times.get(label) === 1 ? label : hashedLabel(policy.server)];
    }),
  );
}

/** The same for servers whose policies are written one at a time: labels by slug, unique among all of them. */
export function labelsOfAll(slugs: readonly string[]): ReadonlyMap<string, string> {
  const stubs = slugs.map((server) => ({ server }) as Policy);
  const labels = labelsOf(stubs);
  return new Map(stubs.map((stub) => [stub.server, labels.get(stub)!]));
}

function plainLabel(slug: string): string | undefined {
  const label = slug.replace(/^@/, '').replaceAll('/', '-');
  return label.length <= LONGEST && /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(label) ? label : undefined;
}

// Every format asks for the label of the same server, one after the other.
let last = { slug: '', label: '' };

function hashedLabel(slug: string): string {
  if (slug === '' || last.slug !== slug) last = { slug, label: hashed(slug) };
  return last.label;
}

function hashed(slug: string): string {
  const readable = slug
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+/, '')
    .slice(0, LONGEST)
    .replace(/-+$/, '');
  return `${readable || 'server'}-${sha256(JSON.stringify(slug)).slice(0, 8)}`;
}
