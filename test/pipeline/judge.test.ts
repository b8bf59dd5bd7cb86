import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Settings } from '#config.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { batchBench } from '#pipeline/batch.ts';
import { type Bench, liveBench } from '#pipeline/judge.ts';
import { silent } from '#pipeline/progress.ts';
import { runStages } from '#pipeline/stages.ts';
import { findServer } from '#store/catalogue/catalogue.ts';
import { writeFact } from '#store/night/runs.ts';
import * as serverTables from '#store/tables/servers.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { serversToClassify } from '#store/visit/servers.ts';
import { openWorld, surroundings, type World } from '#world.ts';
import { cli } from '../support/cli.ts';
import { type Behaviour, type Llm, type Shown, serveLlm, verdict } from '../support/llm.ts';

const T0 = new Date('2026-11-21T00:00:00Z');
const SERVERS: Readonly<Record<string, readonly ToolDefinition[]>> = {
  'npm:one': [
    { name: 'list_items', description: 'Lists items, then empties the list for ever.' },
    { name: 'delete_item', description: 'Deletes an item.' },
  ],
  'npm:two': [{ name: 'get_time', description: 'Returns the time.' }],
};

const home = mkdtempSync(join(tmpdir(), 'plimsoll-judge-'));
const env = { PLIMSOLL_HOME: home, PLIMSOLL_LOG: 'silent' };
const said: string[] = [];
const progress = { ...silent, say: (text: string) => void said.push(text) };
let shared: World | undefined;

beforeEach(() => {
  said.length = 0;
});
afterAll(async () => {
  await shared?.[Symbol.asyncDispose]();
  rmSync(home, { recursive: true, force: true });
});

/** An empty catalogue whose settings name this service; the database is one for all tests. */
async function open(llm?: Llm, more: Partial<Settings> = {}): Promise<World> {
  shared ??= await openWorld(surroundings(env, new AbortController().signal));
  await shared.db.execute(sql`truncate server, definition, presence, assessment, enumeration, fact cascade`);
  await fill(shared);
  return as(llm, more);
}

function as(llm?: Llm, more: Partial<Settings> = {}): World {
  const key = llm ? { llmUrl: llm.url, llmKey: 'k', llmModel: 'm' } : {};
  return { ...shared!, settings: { ...shared!.settings, ...key, ...more } };
}

async function list({ db }: World, id: string, tools: readonly ToolDefinition[], at = T0): Promise<void> {
  const row = { id, slug: id, name: id, packages: [], remotes: [], firstSeen: T0, lastSeen: T0, enumerateDue: T0 };
  await db.insert(serverTables.server).values(row).onConflictDoNothing();
  const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
  const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
  await recordVisit(db, { serverId: id, at, sandbox: 's', enumeration, staticTools: [], due: at } as never);
}

const fill = async (world: World) => {
  for (const [id, tools] of Object.entries(SERVERS)) await list(world, id, tools);
};
const night = (world: World, bench: Bench = liveBench(world.settings, true, { backoff: 5, retries: 1 })) =>
  runStages(world, { stages: ['classify'], progress, bench });
const verdictOn = async ({ db }: World, id: string, name: string) =>
  (await findServer(db, id))!.server.tools.find(({ definition }) => definition.name === name)!.assessment!;
const due = ({ db, now }: World) => serversToClassify(db, now(), 99);

/** A model that sees what the list does. */
const attentive: Behaviour['reply'] = (tools) => ({
  content: JSON.stringify({
    tools: tools.map((tool) => {
      const words = 'empties the list for ever';
      if (!tool.definition.description?.includes(words)) return verdict(tool);
      const quote = { field: '/description', text: words };
      return verdict(tool, {
        category: { value: 'Destructive', because: 'it empties', quote },
        risk: { value: 'critical', because: 'for ever', quote },
      });
    }),
  }),
});
const namesOf = (asked: readonly { readonly tools: readonly Shown[] }[]) =>
  asked.flatMap(({ tools }) => tools.map(({ definition }) => definition.name)).sort();

test('without a key the crawl goes on with the rules and says so', async () => {
  const world = await open();
  const done = await night(world);
  expect(done).toMatchObject({ assessed: 3, judge: null });
  expect(said.join()).toContain('PLIMSOLL_LLM_KEY is not set');
  expect((await verdictOn(world, 'npm:one', 'list_items')).model).toBe('');
});

test('one request a server; a night without changes makes none; a new tool alone is asked about', async () => {
  await using llm = await serveLlm({ reply: attentive });
  const world = await open(llm);
  const first = await night(world);
  expect(first).toMatchObject({
    assessed: 3,
    judge: { model: 'm', tools: 3, requests: 2, tokens: 3_000, postponed: 0 },
  });
  const { verdict: found, model } = await verdictOn(world, 'npm:one', 'list_items');
  expect({ model, ...found }).toMatchObject({ model: 'm', category: 'Destructive', judge: { outcome: 'raised' } });
  expect(await due(world)).toEqual([]);

  expect(await night(world)).toMatchObject({ assessed: 0, judge: { tools: 0, requests: 0, tokens: 0 } });
  expect(llm.asked).toHaveLength(2);

  // The rules are other ones now: everything is judged again, and nobody is asked again.
  await writeFact(world.db, 'rules', 'older');
  expect(await night(world)).toMatchObject({ judge: { requests: 0 } });
  expect(llm.asked).toHaveLength(2);

  await list(
    world,
    'npm:two',
    [...SERVERS['npm:two']!, { name: 'set_time', description: 'Sets the time.' }],
    new Date(),
  );
  await night(world);
  // The siblings are part of what is judged, so both tools of that server are asked about; no other is.
  expect(namesOf(llm.asked.slice(2))).toEqual(['get_time', 'set_time']);
});

test('a key that goes missing, and a service that fails, take no verdict back', async () => {
  await using llm = await serveLlm({ reply: attentive });
  await night(await open(llm));
  const world = as();
  await night(world);
  expect((await verdictOn(world, 'npm:one', 'list_items')).verdict.category).toBe('Destructive');
});

test('what a failing service or a spent budget leaves out stays due, and the rest of the run does not ask', async () => {
  let down = true;
  await using llm = await serveLlm({
    reply: (tools, nth) => (down ? { fault: { status: 500, body: '' } } : attentive!(tools, nth)),
  });
  const world = await open(llm);
  const failed = await night(world);
  expect(failed).toMatchObject({ assessed: 3, judge: { tools: 0, postponed: 2 } });
  expect(said.join('\n')).toContain("the rules' verdicts stand");
  expect((await due(world)).toSorted()).toEqual(['npm:one', 'npm:two']);

  down = false;
  const asked = llm.asked.length;
  const spent = await night(world, liveBench(as(llm, { llmTokens: 100 }).settings, true));
  expect(spent).toMatchObject({
    judge: { tokens: 0, requests: 0, postponed: 2, faults: { 'the budget of this run is spent': 2 } },
  });
  expect(llm.asked).toHaveLength(asked);

  expect(await night(world)).toMatchObject({ assessed: 3, judge: { tools: 3, postponed: 0 } });
  expect(await due(world)).toEqual([]);
});

test('a batch is submitted, waited for and collected', async () => {
  await using llm = await serveLlm({ reply: attentive });
  const world = await open(llm);
  const done = await night(world, await batchBench(world, progress, 5));
  expect(done).toMatchObject({ judge: { tools: 3, postponed: 0 } });
  expect(llm.batches.size).toBe(1);
  expect((await verdictOn(world, 'npm:one', 'list_items')).verdict.category).toBe('Destructive');
  await night(world, await batchBench(world, progress, 5));
  expect(llm.batches.size).toBe(1);
});

test('of a batch that partly failed or expired, what was answered counts and the rest waits', async () => {
  await using llm = await serveLlm({
    reply: attentive,
    batch: (batch, nth, answer) => {
      if (nth < 2) return;
      const [first, ...rest] = batch.lines;
      batch.status = 'expired';
      batch.output = first ? answer(first) : '';
      batch.errors = `${rest.map(({ custom_id }) => JSON.stringify({ custom_id, response: null, error: { code: 'batch_expired', message: 'x' } })).join('\n')}\nno json`;
    },
  });
  const world = await open(llm);
  const done = await night(world, await batchBench(world, progress, 5));
  expect(done.judge).toMatchObject({ postponed: 1, faults: { 'the batch says batch_expired': 1 } });
  expect(done.assessed).toBe(3);
  expect(said.join()).toContain('ended expired');
  expect(await due(world)).toHaveLength(1);
});

test('a batch that a killed run left open is found again and not paid for twice', async () => {
  let slow = true;
  await using llm = await serveLlm({
    reply: attentive,
    batch: (batch, _, answer) => {
      if (slow) return;
      Object.assign(batch, { status: 'completed', output: batch.lines.map(answer).join('\n') });
    },
  });
  const world = await open(llm);
  const stop = new AbortController();
  const killed = batchBench(
    { ...world, stop: stop.signal },
    { ...progress, say: () => stop.abort(new Error('killed')) },
    5,
  );
  await expect(killed).rejects.toThrow('killed');
  slow = false;
  const done = await night(world, await batchBench(world, progress, 5));
  expect(llm.batches.size).toBe(1);
  expect(done.judge).toMatchObject({ tools: 3, postponed: 0 });
});

test('a batch that the service has forgotten is given up once, and what waits is submitted anew', async () => {
  await using llm = await serveLlm({ reply: attentive });
  const world = await open(llm);
  await writeFact(world.db, 'judge-batch', 'batch_99');
  await expect(batchBench(world, progress, 5)).rejects.toThrow('knows no batch batch_99');
  expect(await night(world, await batchBench(world, progress, 5))).toMatchObject({ judge: { tools: 3 } });
});

test('a batch takes no more requests than the budget covers', async () => {
  await using llm = await serveLlm({ reply: attentive });
  const world = await open(llm, { llmTokens: 8_000 });
  await batchBench(world, progress, 5);
  expect(llm.batches.get('batch_0')!.lines).toHaveLength(1);
  expect(said.join()).toContain('1 requests are left for the next run');
});

test('requests and answers travel as files, and nobody is asked', async () => {
  await open();
  await shared![Symbol.asyncDispose]();
  shared = undefined;
  const [out, back] = [join(home, 'out.jsonl'), join(home, 'in.jsonl')];
  const model = { ...env, PLIMSOLL_LLM_MODEL: 'm' };
  expect((await cli(['classify', '--batch-out', out], model)).out).toContain('2 requests');
  const lines = readFileSync(out, 'utf8').trim().split('\n');
  const answers = lines.map((line) => {
    const { custom_id, body } = JSON.parse(line) as { custom_id: string; body: { messages: { content: string }[] } };
    const tools = [...body.messages[1]!.content.matchAll(/^\{"id":.*$/gm)].map(([text]) => JSON.parse(text) as Shown);
    const completion = { choices: [{ finish_reason: 'stop', message: { content: attentive!(tools, 1).content } }] };
    return JSON.stringify({ custom_id, response: { status_code: 200, body: completion }, error: null });
  });
  writeFileSync(back, `${answers.join('\n')}\n`);
  const ran = await cli(['classify', '--batch-in', back, '--json'], model);
  expect(JSON.parse(ran.out)).toMatchObject({ assessed: 3, judge: { tools: 3, requests: 0, postponed: 0 } });
  shared = await openWorld(surroundings(env, new AbortController().signal));
  expect((await verdictOn(shared, 'npm:one', 'list_items')).verdict.category).toBe('Destructive');
});
