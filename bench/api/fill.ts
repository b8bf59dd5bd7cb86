import { loadClassifier } from '#classify/assess.ts';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import { openStore } from '#store/engine/open.ts';
import { mark } from '#store/tables/marks.ts';
import { server } from '#store/tables/servers.ts';
import { assessment, definition, presence } from '#store/tables/tools.ts';
import { marksOf } from '#store/verdict/marks.ts';
import { random as numbers } from '../../test/support/random.ts';
import { loading } from './load.ts';

const AT = new Date('2026-11-01T00:00:00Z');
/** Servers that go into one statement. */
const CHUNK = 500;
export const TOOLS_EACH = 10;

export const VERBS =
  'get list search read fetch find create add update set edit delete remove send post run execute start stop export import sync upload download move copy merge approve cancel invite'.split(
    ' ',
  );
export const NOUNS =
  'issue file message user repository branch commit page document invoice payment order customer ticket event calendar contact channel thread comment label project task board card row table query database schema bucket object container image deployment service secret token key policy role group report metric alert log trace note tag folder email draft webhook workflow job'.split(
    ' ',
  );
/** A quarter of real tools get something, an eighth list it. */
const verbs = VERBS.flatMap((verb, at) => [verb, ...(at % 3 === 0 ? ['get', 'get'] : at % 3 === 1 ? ['list'] : [])]);
const PLACES = 'acme north blue river cloud pixel delta orbit quartz maple stone harbour'.split(' ');
const SOUNDS = 'ba ce di fo gu ha je ki lo mu na pe qui ro su ta ve wi xo yu'.split(' ');

/** The name of a server's tool, as the generator makes it. */
export function toolName(serverAt: number, toolAt: number): string {
  const at = serverAt * TOOLS_EACH + toolAt;
  const [verb, noun] = [verbs[at % verbs.length]!, NOUNS[(at * 7 + serverAt) % NOUNS.length]!];
  const style = serverAt % 3;
  if (style === 0) return `${verb}_${noun}`;
  return style === 1 ? `${verb}${noun[0]!.toUpperCase()}${noun.slice(1)}` : `${PLACES[serverAt % 12]}-${verb}-${noun}`;
}

/** What a server is for, in one made-up word that few others share. */
export function product(serverAt: number): string {
  let left = Math.floor(serverAt / 2) * 7 + 8_000;
  let word = '';
  for (; left > 0; left = Math.floor(left / SOUNDS.length)) word += SOUNDS[left % SOUNDS.length];
  return word;
}

/**
 * A catalogue of `count` servers with ten tools each, every definition its own, named as real ones are; judged by the
 * rules, once for each kind of tool.
 */
export async function fill(url: string, count: number): Promise<void> {
  const classifier = await loadClassifier();
  const verdicts = new Map<string, Verdict>();
  const given = numbers(8);
  const random = () => given.next().value;
  await using store = await openStore({ url, home: '/nonexistent' });
  await loading(url, [server, definition, presence, assessment, mark], async (copy) => {
    let before: Promise<unknown> = Promise.resolve();
    for (let from = 0; from < count; from += CHUNK) {
      const rows = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => made(from + i));
      const tools = rows.flatMap((row) => row.tools);
      await before;
      before = Promise.all([
        copy(
          server,
          rows.map((row) => row.server),
        ),
        copy(
          definition,
          tools.map((tool) => tool.definition),
        ),
        copy(
          presence,
          tools.map((tool) => tool.presence),
        ),
        copy(
          assessment,
          tools.map((tool) => tool.assessment),
        ),
        copy(
          mark,
          tools.flatMap((tool) => tool.marks),
        ),
      ]);
    }
    await before;
  });
  await store.db.execute(`select setval('server_revision', ${count})`);

  function made(at: number) {
    const id = `bench:${at}`;
    const place = PLACES[at % PLACES.length]!;
    const names = Array.from({ length: TOOLS_EACH }, (_, tool) => toolName(at, tool));
    const siblings = siblingsHash(names);
    const tools = names.map((name, tool) => {
      const words = name
        .replace(/([a-z])([A-Z])/g, '$1 $2')
        .toLowerCase()
        .split(/[ _-]/)
        .slice(-2);
      const body: ToolDefinition = {
        name,
        description: `${words[0]} one ${words[1]} of the ${product(at)} workspace. Takes its number; ${place} ${Math.floor(random() * 1e9)}.`,
        inputSchema: {
          type: 'object',
          properties: {
            [`${words[1]}_id`]: { type: 'string', description: `Which ${words[1]} is meant` },
            note: { type: 'string', description: 'A remark for the log' },
            limit: { type: 'integer', minimum: 1, maximum: 100, description: 'At most so many' },
          },
          required: [`${words[1]}_id`],
        },
      };
      const kind = words.join(' ');
      const verdict = verdicts.get(kind) ?? classifier.assess(body, [name]);
      verdicts.set(kind, verdict);
      const fingerprint = definitionFingerprint(body);
      const key = { fingerprint, siblings, rules: classifier.rules, prompt: '', model: '' };
      const { category, risk } = verdict;
      const presenceId = at * TOOLS_EACH + tool + 1;
      return {
        definition: { fingerprint, name, body, firstSeen: AT },
        presence: {
          ...{ id: presenceId, serverId: id, fingerprint, provenance: 'listed' as const, firstSeen: AT, lastSeen: AT },
          ...{ firstEnumeration: at + 1, lastEnumeration: at + 1 },
        },
        assessment: { ...key, category, risk, verdict, assessedAt: AT },
        marks: marksOf(verdict).map((key) => ({ key, name, presenceId, serverId: id, category, risk })),
      };
    });
    const seen = { firstSeen: AT, lastSeen: AT, enumerateDue: AT, packages: [], remotes: [] };
    const row = {
      ...{
        id,
        slug: `${place}/server-${at}`,
        name: `@${place}/${product(at)}-${at}`,
        description: `Tools of ${place}`,
      },
      ...{ siblings, revision: at + 1, ...seen },
    };
    return { server: row, tools };
  }
}
