import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import { sha256 } from '#core/hash.ts';
import { catalogueOf } from '#pipeline/catalogue.ts';
import { backUp, copyDatabase, restore } from '#pipeline/database/carry.ts';
import { openEnd } from '#pipeline/database/end.ts';
import { silent } from '#pipeline/progress.ts';
import { migrate, migrations, stepsGone } from '#store/engine/migrations.ts';
import { openStore, type Store } from '#store/engine/open.ts';
import { openBackup } from '#store/keeping/backup-file.ts';
import { withContents } from '#store/keeping/contents.ts';
import { sequencesOf } from '#store/keeping/tables.ts';
import { server } from '#store/tables/servers.ts';
import { recordAssessments } from '#store/verdict/assessments.ts';
import { recordVisit } from '#store/visit/enumerations.ts';
import { fillTables } from '../support/rows.ts';
import { emptyPostgres, freshEmbedded, freshPostgres, postgresAnswers } from '../support/stores.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-keeping-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const end = (store: Store, name: string) => ({ store, name, [Symbol.asyncDispose]: async () => {} });

const restored = async (file: string, to: Store) =>
  restore({ file, contents: await openBackup(file) }, end(to, 'there'), silent);

/** A server with judged tools, beside two rows of anything in every table. */
async function fill({ db }: Store): Promise<void> {
  await fillTables(db);
  const id = 'npm:@x/y';
  const seen = { firstSeen: NOW, lastSeen: NOW, enumerateDue: NOW };
  await db.insert(server).values({ id, slug: 'x/y', name: 'createIssue \u2028', packages: [], remotes: [], ...seen });
  const tools = ['read_note', 'it’s "quoted" \\ tool', 'drop'].map((name) => ({
    name,
    description: `${name}\0\ud800\n`,
  }));
  const context = { args: [], envNames: [], sandbox: 's', profile: 'p' };
  const enumeration = { outcome: 'listed' as const, wants: [], tools, rejections: [], attempts: [], context, ms: 1 };
  await recordVisit(db, { serverId: id, at: NOW, sandbox: 's', enumeration, staticTools: [], due: NOW });
  const siblings = siblingsHash(tools.map(({ name }) => name));
  await recordAssessments(
    db,
    id,
    tools.map((tool) => ({
      ...{ fingerprint: definitionFingerprint(tool), siblings, rules: 'r', prompt: '', model: '', assessedAt: NOW },
      verdict: { category: 'Read', access: 'read', risk: 'low', confidence: 0.9, evidence: [], facets: {} },
    })),
    NOW,
  );
}

/** All that a catalogue is, by the rows themselves and not by what the copy says of them. */
async function everything(store: Store): Promise<unknown> {
  return withContents(store, async (contents) => {
    const rows: string[] = [];
    for await (const page of contents.pages())
      rows.push(...page.rows.map((row) => `${page.table.name} ${JSON.stringify(row)}`));
    return { rows: rows.sort(), steps: contents.steps, sequences: contents.sequences };
  });
}

/** What mirrors and caches go by: the number and the lines of the feed, and the stamp of the whole; and what a search finds. */
async function feed({ db }: Store): Promise<unknown> {
  const catalogue = catalogueOf(db);
  const until = await catalogue.newestRevision();
  const lines: unknown[] = [];
  for await (const line of catalogue.revised({ after: 0, until })) lines.push(line);
  const found = await catalogue.tools({ text: 'read note', limit: 10 });
  return { until, lines, stamp: await catalogue.stamp(), found };
}

describe.skipIf(!postgresAnswers)('a whole catalogue', () => {
  let source: Store;
  let there: Awaited<ReturnType<typeof emptyPostgres>>;
  const file = join(folder, 'a.backup');
  beforeAll(async () => {
    source = await freshEmbedded();
    await fill(source);
    there = await emptyPostgres();
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });

  test('goes from the embedded database to PostgreSQL, into a backup, and back, equal row by row', async () => {
    const [before, fed] = [await everything(source), await feed(source)];
    expect(JSON.stringify(fed)).toMatch(/read_note.*read_note/);
    const copied = await copyDatabase(end(source, 'a'), end(there, 'b'), silent);
    expect(copied).toMatchObject({ waiting: 0, tables: { server: 3, token: 2, presence: 5 } });
    expect(await everything(there)).toEqual(before);

    const backed = await backUp(end(there, 'b'), file, NOW, silent);
    expect(backed.rows).toBe(copied.rows);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const back = await freshEmbedded();
    const { tables } = await restored(file, back);
    expect(tables).toEqual(copied.tables);
    expect(await everything(back)).toEqual(before);
    for (const store of [there, back]) expect(await feed(store)).toEqual(fed);

    // What the database derives by itself goes on where it was: the next revision, the next number.
    const [first] = await back.db.select({ at: server.revision }).from(server).where(sql`id = 'npm:@x/y'`);
    await back.db.update(server).set({ slug: 'x/z' }).where(sql`id = 'npm:@x/y'`);
    const [next] = await back.db.select({ at: server.revision }).from(server).where(sql`id = 'npm:@x/y'`);
    expect(next!.at).toBe(
      Number((await sequencesOf(source.db)).find(({ name }) => name === 'server_revision')!.last) + 1,
    );
    expect(next!.at).toBeGreaterThan(first!.at);
    await back[Symbol.asyncDispose]();
  });

  test('is brought into an empty database only, and written to a file that is not there', async () => {
    await expect(copyDatabase(end(source, 'a'), end(there, 'b'), silent)).rejects.toThrow(
      /not empty.*nothing was changed/,
    );
    await expect(backUp(end(there, 'b'), file, NOW, silent)).rejects.toThrow(WrongUse);
    expect(readdirSync(folder)).toEqual(['a.backup']);
  });

  test('is not believed where the backup is damaged, cut off or changed: nothing of it is kept', async () => {
    const whole = readFileSync(file);
    const text = zstdDecompressSync(whole).toString();
    const lines = text.trimEnd().split('\n');
    const signed = (all: readonly string[]) => [...all, JSON.stringify({ sha256: sha256(`${all.join('\n')}\n`) })];
    const packed = (all: readonly string[]) => zstdCompressSync(`${all.join('\n')}\n`);
    const flipped = Buffer.from(whole);
    flipped[Math.floor(whole.length / 2)]! ^= 1;
    const server = lines.findIndex((line) => line.startsWith('["server"'));
    const changed = lines.slice(0, -1).with(server, lines[server]!.replace('x/y', 'x/q'));
    const bad: readonly (readonly [string, Buffer, RegExp])[] = [
      ['half', whole.subarray(0, whole.length / 2), /cannot be restored|no backup/],
      ['without its end', packed(lines.slice(0, -2)), /ends before its end|none that we write/],
      ['without its checksum', packed(lines.slice(0, -1)), /ends before its end/],
      ['a bit', flipped, /cannot be restored|no backup/],
      ['a value', packed([...changed, lines.at(-1)!]), /checksum is another/],
      ['a value, and the checksum', packed(signed(changed)), /Not all of table server arrived/],
      ['a row less', packed(signed(lines.slice(0, -1).toSpliced(server, 1))), /Not all of table server arrived/],
      [
        'a table that is none',
        packed(signed([lines[0]!.replaceAll('"token"', '"pg_authid"'), ...lines.slice(1, -1)])),
        /./,
      ],
      ['no backup', Buffer.from('hello'), /is no backup/],
    ];
    await using empty = await emptyPostgres();
    for (const [name, bytes, why] of bad) {
      const path = join(folder, 'bad');
      writeFileSync(path, bytes);
      const error = await restored(path, empty).catch((thrown: unknown) => thrown as Error);
      expect(
        [Missing, WrongUse].some((kind) => error instanceof kind),
        `${name}: ${String(error)}`,
      ).toBe(true);
      expect((error as Error).message, name).toMatch(why);
    }
    rmSync(join(folder, 'bad'));
    // Whatever came, a good one can still be brought in.
    await restored(file, empty);
    expect(await everything(empty)).toEqual(await everything(source));
  });

  test('of an older schema comes in as it was and is taken through the steps since', async () => {
    await using old = await emptyPostgres();
    await migrate(old.db, migrations(), 8);
    await fillTables(old.db);
    const path = join(folder, 'old.backup');
    await backUp(end(old, 'old'), path, NOW, silent);
    expect(await stepsGone(old.db, migrations())).toBe(8);
    await using next = await emptyPostgres();
    await restored(path, next);
    expect(await stepsGone(next.db, migrations())).toBe(migrations().length);
    const [row] = await next.db.select({ rows: sql<number>`count(*)::int` }).from(server);
    expect(row).toEqual({ rows: 2 });
    // The other way, tables would lack what the catalogue has.
    await using never = await freshPostgres();
    await expect(restored(path, never)).rejects.toThrow(/newer schema/);
  });

  test('whose copy is killed half way is opened by nobody, and starts over', async () => {
    const target = await emptyPostgres();
    const child = spawn(process.execPath, [join(import.meta.dirname, '../support/bring-slowly.ts'), target.url], {
      env: { PATH: process.env.PATH, PLIMSOLL_HOME: join(folder, 'none') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(child.stdout!, 'data');
      await expect(openStore({ url: target.url, home: folder })).rejects.toThrow(/is not whole: a slow copy/);
      await expect(copyDatabase(end(source, 'a'), end(target, 'b'), silent)).rejects.toThrow(/Another process/);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    await expect(openStore({ url: target.url, home: folder })).rejects.toThrow(Missing);
    await expect(copyDatabase(end(target, 'b'), end(source, 'a'), silent)).rejects.toThrow(/is not whole/);
    // The server may take a moment to see that the killed one is gone.
    await expect
      .poll(() => copyDatabase(end(source, 'a'), end(target, 'b'), silent).then(() => 'done', String), {
        timeout: 30_000,
      })
      .toBe('done');
    expect(await everything(target)).toEqual(await everything(source));
    await (await openStore({ url: target.url, home: folder }))[Symbol.asyncDispose]();
    await target[Symbol.asyncDispose]();
  });
});

test('words that name no database are told so', async () => {
  const settings = { home: join(folder, 'home'), databaseUrl: undefined };
  await expect(openEnd('DATABASE_URL', settings, 'read')).rejects.toThrow(/DATABASE_URL is not set/);
  await expect(openEnd('embedded', settings, 'read')).rejects.toThrow(/no embedded database/);
  await expect(openEnd('mysql://x', settings, 'write')).rejects.toThrow(WrongUse);
  const secret = openEnd('postgres://me:hunter2@127.0.0.1:1/x', settings, 'read');
  await expect(secret).rejects.toThrow(Missing);
  await expect(secret).rejects.not.toThrow(/hunter2/);
  expect(existsSync(settings.home)).toBe(false);
});
