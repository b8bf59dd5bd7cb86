import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadClassifier } from '#classify/assess.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { attacksAgainst } from '#recommend/attacks/attacks.ts';
import type { Bench } from './run.ts';

const corpus = join(import.meta.dirname, '..', '..', 'shared', 'corpus', 'servers.jsonl.gz');
const TURNS = 5;
const SEEN = new Date('2026-11-21T03:00:00Z');

interface Listing {
  readonly server: string;
  readonly tools: readonly ToolDefinition[];
}

/** Microseconds of processor time for one of `count`, the median of several turns. */
function each(count: number, work: () => void): number {
  work();
  const turns = Array.from({ length: TURNS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  });
  return turns.sort((a, b) => a - b)[Math.floor(TURNS / 2)]!;
}

/** Which documented attacks fit the tools of the corpus: what that costs beside judging them, and how many it finds. */
const bench: Bench = async (report) => {
  if (!existsSync(corpus)) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const classifier = await loadClassifier();
  const lines = gunzipSync(readFileSync(corpus)).toString('utf8').trim().split('\n');
  const listings = lines.map((line) => JSON.parse(line) as Listing);
  const judgeAll = () =>
    listings.map(({ server, tools }): CatalogueServer => {
      const names = tools.map(({ name }) => name);
      return {
        ...{ id: server, slug: server, name: server, packages: [], remotes: [], sources: [] },
        ...{ firstSeen: SEEN, lastSeen: SEEN },
        tools: tools.map((definition): CatalogueTool => {
          const key = { fingerprint: '', siblings: '', rules: '', prompt: '', model: '', assessedAt: SEEN };
          const assessment = { ...key, verdict: classifier.assess(definition, names) };
          return { definition, fingerprint: '', provenance: 'listed', firstSeen: SEEN, lastSeen: SEEN, assessment };
        }),
      };
    });
  const servers = judgeAll();
  const count = servers.reduce((sum, { tools }) => sum + tools.length, 0);
  const found = new Map<string, number>();
  const fitAll = () => {
    found.clear();
    for (const server of servers) {
      const against = attacksAgainst(server);
      for (const tool of server.tools) {
        const fits = against(tool);
        if (fits.length > 0) found.set('any', (found.get('any') ?? 0) + 1);
        for (const { attack } of fits) found.set(attack.id, (found.get(attack.id) ?? 0) + 1);
      }
    }
  };
  const fit = each(count, fitAll);
  const judge = each(count, judgeAll);
  const round = (value: number) => Number(value.toFixed(2));
  const say = (figure: string, value: number, unit: string, more = {}) =>
    report({ bench: 'attacks', figure, value, unit, ...more });
  say('fitting', round(fit), 'µs/tool', { baseline: round(judge), ratio: Number((fit / judge).toFixed(3)) });
  say('tools with an attack', round((100 * (found.get('any') ?? 0)) / count), '%');
  found.delete('any');
  for (const [id, fits] of [...found].sort((a, b) => b[1] - a[1])) say(id, fits, 'tools');
};
export default bench;
