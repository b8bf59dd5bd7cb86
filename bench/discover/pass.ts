// One measured pass in a process of its own: `pass.ts parse|raw|record FILE URL`. Prints seconds, those busy, and peak memory as JSON.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import postgres from 'postgres';
import { readSettings } from '#config.ts';
import type { Http } from '#core/http.ts';
import type { Sighting } from '#domain/server.ts';
import { discoverSource } from '#pipeline/discover-source.ts';
import { openStore } from '#store/engine/open.ts';

const BATCH = 1000;
const [what, file, url] = process.argv.slice(2) as [string, string, string];

async function* lines(): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(file) })) yield line;
}

async function parse(): Promise<object> {
  let characters = 0;
  for await (const line of lines()) characters += (JSON.parse(line) as Sighting).listing.length;
  return { characters };
}

/** The same rows into one table, as they are. */
async function raw(): Promise<object> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  await sql`drop table if exists raw`;
  await sql`create table raw (listing text primary key, data text not null)`;
  let batch: { listing: string; data: string }[] = [];
  const flush = async () => void (await sql`insert into raw ${sql(batch)}`);
  for await (const line of lines()) {
    batch.push({ listing: (JSON.parse(line) as Sighting).listing, data: line });
    if (batch.length < BATCH) continue;
    await flush();
    batch = [];
  }
  if (batch.length > 0) await flush();
  await sql`drop table raw`;
  await sql.end();
  return {};
}

/** The real thing: each source of the file discovered one after the other. */
async function record(): Promise<object> {
  await using store = await openStore({ url, home: '/nonexistent' });
  const settings = readSettings({});
  const stop = new AbortController().signal;
  const world = { db: store.db, settings, log: pino({ level: 'silent' }), stop, now: () => new Date() };
  const reader = lines();
  let next = await reader.next();
  const sums = { sightings: 0, new: 0, changed: 0, rows: 0 };
  while (!next.done) {
    const { source: id } = JSON.parse(next.value) as Sighting;
    async function* discover() {
      while (!next.done) {
        const found = JSON.parse(next.value) as Sighting;
        if (found.source !== id) return;
        yield found;
        next = await reader.next();
      }
    }
    const source = { id, title: id, terms: '', can: { sweep: true, recent: false }, discover };
    const done = await discoverSource(world, source, {} as Http, {});
    if (done.error) throw new Error(done.error);
    sums.sightings += done.sightings;
    sums.new += done.new;
    sums.changed += done.changed;
    sums.rows += done.rows;
  }
  return sums;
}

const began = performance.now();
const done = await (what === 'parse' ? parse() : what === 'raw' ? raw() : record());
const seconds = (performance.now() - began) / 1000;
const megabytes = process.resourceUsage().maxRSS / 1024;
const { user, system } = process.cpuUsage();
const busy = (user + system) / 1_000_000;
process.stdout.write(`${JSON.stringify({ seconds, busy, megabytes, ...done })}\n`);
