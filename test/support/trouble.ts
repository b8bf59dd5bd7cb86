import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { isDatabaseAway } from '#store/engine/away.ts';
import type { Db } from '#store/engine/open.ts';
import { connect } from '#store/engine/server.ts';
import { beginNight, nightUnderWay, passOn } from '#store/night/nights.ts';
import type { startCli } from './cli.ts';
import { expectWhole, type Field, field } from './field.ts';
import { type Llm, serveLlm } from './llm.ts';

const LISTING = 'discover,enumerate,classify';

/** A night that workers of its own go through while a test troubles them. */
export interface Night {
  readonly db: Db;
  readonly field: Field;
  readonly llm: Llm;
  /** How many workers were killed so far. */
  readonly kills: number;
  /** From now on what a worker is told in vain is no fault: whether it stored that, nobody could know. */
  cutOff(machine: number): void;
  /** Kills a worker as `kill -9` does; another starts in its place, as a service manager would have it. */
  kill(machine: number): Promise<void>;
  /** Waits until something of the night has happened. */
  until(happened: () => boolean | Promise<boolean>): Promise<void>;
  /** How many calls the judge was asked. */
  asked(): number;
}

/**
 * Runs a night of `servers` servers with `workers` workers on a database. `trouble` does what it likes to them; then the
 * night must come to its end, with exactly one current state of every server, and nothing paid for twice but what was
 * in flight when its worker was killed.
 */
export async function troubled(
  url: string,
  options: {
    readonly servers: number;
    readonly workers: number;
    /** Settings of one worker beside those of all. */
    readonly env?: (machine: number) => Readonly<Record<string, string>>;
    /** How the test itself reaches the database, where that is not how workers do. */
    readonly direct?: string;
    /** Servers are started in a sandbox and pages written: the whole night, at five times the price. */
    readonly whole?: boolean;
  },
  trouble: (night: Night) => Promise<void>,
): Promise<void> {
  // Slow enough that some questions are open when something happens.
  await using llm = await serveLlm({ reply: () => ({ fault: { delay: 150 } }) });
  await using servers = await field(options.servers, {
    DATABASE_URL: url,
    PLIMSOLL_LLM_URL: llm.url,
    PLIMSOLL_LLM_TOKENS: '100000000',
  });
  await using store = connect(options.direct ?? url, { max: 2 });
  await beginNight(store.db, { limit: 0, source: 'npm' }, new Date());
  const args = ['work', '--until-idle', ...(options.whole ? [] : ['--sandbox', 'none', '--stages', LISTING])];
  const working = new Map<number, ReturnType<typeof startCli>>();
  // Every process has a key of its own, by which the judge knows it.
  const keys = new Map<number, string>();
  const excused = new Set<string>();
  const start = (machine: number) => {
    const key = `key-${machine}-${randomUUID()}`;
    keys.set(machine, key);
    working.set(machine, servers.start(machine, args, { PLIMSOLL_LLM_KEY: key, ...options.env?.(machine) }));
  };
  for (let machine = 1; machine <= options.workers; machine++) start(machine);
  let kills = 0;
  const night: Night = {
    db: store.db,
    field: servers,
    llm,
    get kills() {
      return kills;
    },
    async kill(machine) {
      const { child, ended } = working.get(machine)!;
      child.kill('SIGKILL');
      const { signal } = await ended;
      if (signal === 'SIGKILL') kills++;
      excused.add(keys.get(machine)!);
      start(machine);
    },
    cutOff: (machine) => void excused.add(keys.get(machine)!),
    async until(happened) {
      while (!(await happened())) {
        if (![...working.values()].some(isRunning)) return;
        await sleep(20);
      }
    },
    asked: () => llm.asked.length,
  };
  try {
    await trouble(night);
    const publisher = options.whole ? undefined : skipPublishing(store.db, () => [...working.values()].some(isRunning));
    for (const { ended } of working.values()) {
      const { code, err } = await ended;
      expect(code, err).toBe(0);
    }
    await publisher;
  } finally {
    for (const { child } of working.values()) child.kill('SIGKILL');
    await Promise.all([...working.values()].map(({ ended }) => ended));
  }
  await expectWhole(store.db, servers);
  expectPaidOnce(llm, options.servers, excused);
}

/** What a worker holds of the judge's answers that are not stored yet. */
const IN_FLIGHT = 4;

/** Nothing was asked again once its answer was stored: only what a killed or cut off worker alone had been told. */
function expectPaidOnce({ answered }: Llm, servers: number, excused: ReadonlySet<string>): void {
  const told = new Map<string, string[]>();
  for (const { tools, key } of answered) {
    const names = tools.map(({ definition }) => definition.name).sort();
    told.set(names.join(' '), [...(told.get(names.join(' ')) ?? []), key]);
  }
  expect(told.size).toBe(servers);
  // Of several answers one was stored, and any other was lost with the worker that had it.
  for (const keys of told.values()) expect(keys.filter((key) => !excused.has(key)).length).toBeLessThanOrEqual(1);
  const inVain = [...told.values()].flatMap((keys) => keys.slice(0, -1));
  expect(inVain.length).toBeLessThanOrEqual(IN_FLIGHT * excused.size);
}

function isRunning({ child }: ReturnType<typeof startCli>): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Whether a statement asked of a table that is not there (SQLSTATE undefined_table). */
function isMissing({ cause }: { readonly cause?: unknown }): boolean {
  return (cause as { readonly code?: unknown } | undefined)?.code === '42P01';
}

/** Takes the night over its last step without a page being written. */
async function skipPublishing(db: Db, isGoingOn: () => boolean): Promise<void> {
  while (isGoingOn()) {
    await sleep(100);
    try {
      const night = await nightUnderWay(db);
      if (!night) return;
      const open = sql<number>`(select count(*)::int from pgboss.job where name = 'classify' and state < 'completed')`;
      const [left] = await db.select({ open }).from(sql`(select 1) as one`);
      if (night.step === 'classify' && left!.open === 0) await passOn(db, night, 'publish', async () => {});
    } catch (error) {
      // A worker that was killed before it had made the queue leaves a night without one, until the next is up.
      if (!isDatabaseAway(error) && !isMissing(error as Error)) throw error;
    }
  }
}
