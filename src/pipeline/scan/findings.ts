import { RISKS, type Risk } from '#domain/verdict.ts';
import type { AcrossCombination } from '#recommend/across.ts';
import { excerpt, reasonsOf, sentence } from '#recommend/reasons.ts';
import type { Drift } from './lock.ts';
import { type Scan, type ScannedServer, serversOf } from './scanned.ts';

/** What a finding is about. Stable: reports name rules by these. */
export const FINDINGS = {
  risk: 'A tool whose unwatched call can do harm',
  combination: 'Tools that one agent can be led to use together to do harm',
  unseen: 'A server whose tools could not be listed, so that nothing is known of them',
  'changed-definition': 'A tool that is described otherwise than in the catalogue',
  'other-verdict': 'A tool that the catalogue judges otherwise',
  drift: 'A server that is not what the lock file pins',
  unpinned: 'A server of which whatever is newest is run',
  'same-name': 'A tool whose name another server of the same client has as well',
  'broken-config': 'A configuration that cannot be read',
} as const;
export type FindingKind = keyof typeof FINDINGS;

/** Something that a person should know. `unknown` is worse than every risk: nothing speaks for it. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Risk | 'unknown';
  readonly text: string;
  /** Id of the server, and the tool, where it is about one. */
  readonly server?: string;
  readonly tool?: string;
  /** What its client calls the server. */
  readonly name?: string;
  /** Where the server stands in a configuration, or where that breaks. */
  readonly place?: { readonly file: string; readonly shown: string; readonly line: number; readonly column: number };
}

/** Servers of which a tool is named for one leg before the rest is counted. */
const NAMED = 3;

/** What a scan found, the gravest first; pure. `drifts`: where a lock file was held against it. */
export function findingsOf(scan: Scan, drifts: readonly Drift[] = []): readonly Finding[] {
  const servers = new Map(serversOf(scan).map((one) => [one.id, one]));
  const found = [
    ...scan.broken.map((one): Finding => {
      const { file, place: shown, line, column, why } = one;
      return {
        kind: 'broken-config',
        severity: 'unknown',
        text: `Cannot be read: ${why}`,
        place: { file, shown, line, column },
      };
    }),
    ...drifts.map((drift): Finding => {
      const server = servers.get(drift.server);
      return {
        kind: 'drift',
        severity: 'unknown',
        text: drift.text,
        server: drift.server,
        ...optional({ tool: drift.tool }),
        ...(server && { name: server.entry.name, ...at(server) }),
      };
    }),
    ...[...servers.values()].flatMap(ofServer),
    ...scan.clients.flatMap(({ title, combinations, servers: own }) => [
      ...combinations.map((one) => combination(title, one, servers)),
      ...sameNames(title, own),
    ]),
  ];
  return found.toSorted((a, b) => rank(b.severity) - rank(a.severity));
}

/** Whether a finding is as grave as a risk, or graver. */
export function reaches({ severity }: Pick<Finding, 'severity'>, risk: Risk): boolean {
  return rank(severity) >= rank(risk);
}

function rank(severity: Finding['severity']): number {
  return severity === 'unknown' ? RISKS.length : RISKS.indexOf(severity);
}

function at({ entry, place }: ScannedServer): Pick<Finding, 'place'> {
  const { file, line, column } = entry;
  // What was given on the command line stands in no file.
  return file === '' ? {} : { place: { file, shown: place, line, column } };
}

function optional<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function ofServer(one: ScannedServer): readonly Finding[] {
  if (one.outcome === 'disabled') return [];
  const { id, server, compared } = one;
  const here = { server: id, name: one.entry.name, ...at(one) };
  const found: Finding[] = [];
  if (server.tools.length === 0 && one.outcome !== 'listed') {
    const wants = one.wants.length > 0 ? ` It wants ${one.wants.join(', ')}.` : '';
    found.push({
      ...here,
      kind: 'unseen',
      severity: 'unknown',
      text: `Its tools are not known: ${one.detail ?? one.outcome}${wants}`,
    });
  }
  for (const { definition, assessment, provenance } of server.tools) {
    const { verdict } = assessment!;
    const { category, risk } = verdict;
    const { raises, category: own, moved } = reasonsOf(verdict);
    const [reason] = moved > 0 ? [...raises, ...own] : own;
    const because = reason ? ` ${sentence(reason.because)} “${excerpt(reason.quotes[0]!.text)}”` : '';
    const read = provenance === 'static' ? ' Read from its source, not listed.' : '';
    found.push({
      ...here,
      kind: 'risk',
      severity: risk,
      tool: definition.name,
      text: `${category}, ${risk} risk.${because}${read}`,
    });
  }
  if (one.pinned === false)
    found.push({
      ...here,
      kind: 'unpinned',
      severity: 'medium',
      text: `${one.runs} names no one version, so whatever is newest runs.`,
    });
  for (const { tool, kind, here: now, there } of compared?.differences ?? []) {
    const judged = there === undefined ? '' : ` There it is ${there}; here ${now}.`;
    if (kind === 'verdict')
      found.push({
        ...here,
        kind: 'other-verdict',
        severity: 'low',
        tool,
        text: `The catalogue judges the same definition otherwise.${judged}`,
      });
    else
      found.push({
        ...here,
        kind: 'changed-definition',
        severity: 'high',
        tool,
        text:
          kind === 'definition'
            ? `Its definition is not the one that the catalogue has.${judged}`
            : 'The catalogue has no such tool of this server.',
      });
  }
  return found;
}

function combination(title: string, one: AcrossCombination, servers: ReadonlyMap<string, ScannedServer>): Finding {
  const legs = one.legs.map(({ title: does, tools }) => {
    // One tool of each server tells more than three of one.
    const each = [...new Map(tools.map((tool) => [tool.server.id, tool])).values()].slice(0, NAMED);
    const named = each.map(({ server, tool }) => `'${tool}' of ${servers.get(server.id)?.entry.name ?? server.slug}`);
    const rest = tools.length > each.length ? ` (and ${tools.length - each.length} more)` : '';
    return `${named.join(', ')}${rest} ${does}`;
  });
  const where = one.across ? `across servers of ${title}` : `in ${title}`;
  const last = servers.get(one.legs.at(-1)!.tools[0]!.server.id);
  return {
    kind: 'combination',
    severity: 'high',
    text: `${one.title}, ${where}: ${legs.join('; ')}. ${one.why}`,
    ...(last && { server: last.id, ...at(last) }),
  };
}

function sameNames(title: string, servers: readonly ScannedServer[]): readonly Finding[] {
  const owners = new Map<string, Map<string, ScannedServer>>();
  for (const one of servers)
    for (const { definition } of one.server.tools) {
      const of = owners.get(definition.name) ?? new Map<string, ScannedServer>();
      // The same server in two files of a client is one.
      of.set(one.entry.name, one);
      owners.set(definition.name, of);
    }
  return [...owners].flatMap(([tool, of]): readonly Finding[] => {
    const [first, ...others] = [...of.values()];
    if (!first || others.length === 0) return [];
    const names = others.map(({ entry }) => entry.name).join(', ');
    return [
      {
        kind: 'same-name',
        severity: 'medium',
        tool,
        server: first.id,
        ...at(first),
        text: `${title} has a tool of this name from ${names} as well: one may be called for the other.`,
      },
    ];
  });
}
