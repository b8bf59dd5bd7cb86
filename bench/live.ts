import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { hasCorpus } from '../test/support/corpus.ts';
import { assessedCorpus } from './export/catalogue.ts';
import { fill } from './export/fill.ts';
import { saying } from './figures/say.ts';
import { addMarks } from './publish/marks.ts';
import { served } from './publish/served.ts';
import { addVisits } from './publish/visits.ts';
import type { Bench } from './run.ts';

const SERVER = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
/** As many as the largest catalogue that is known. */
const SERVERS = Number(process.env.SERVERS ?? 43_000);
/** Keeps the database for the next run with as many servers. */
const KEEP = process.env.BENCH_KEEP === '1';

/**
 * Live tool pages alone, of the catalogue that `publish` writes: the corpus as often as makes 43,000 servers, with visits
 * and marks. Needs the corpus beside the project and the PostgreSQL that tests use; its database is dropped unless
 * `BENCH_KEEP=1`.
 */
const bench: Bench = async (report) => {
  if (!hasCorpus) {
    process.stderr.write('skipped: no shared data\n');
    return;
  }
  const name = `plimsoll_bench_live_${KEEP ? SERVERS : randomBytes(6).toString('hex')}`;
  const admin = postgres(SERVER, { max: 1, connect_timeout: 5, onnotice: () => {} });
  const url = Object.assign(new URL(SERVER), { pathname: `/${name}` }).href;
  const [kept] =
    await admin`select shobj_description(oid, 'pg_database') = 'filled' as filled from pg_database where datname = ${name}`;
  try {
    if (!kept?.filled) {
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.unsafe(`create database ${name}`);
      await fill(url, await assessedCorpus(), SERVERS);
      await addVisits(url);
      await addMarks(url);
      await admin.unsafe(`comment on database ${name} is 'filled'`);
    }
    await served(url, saying('live', report));
  } finally {
    if (!KEEP) await admin.unsafe(`drop database if exists ${name} with (force)`);
    await admin.end({ timeout: 1 });
  }
};

export default bench;
