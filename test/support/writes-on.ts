// Writes one fact after another into the embedded database of a home folder, and says of each when it is stored.
import { sql } from 'drizzle-orm';
import { openStore } from '#store/engine/open.ts';
import { fact } from '#store/tables/runs.ts';

await using store = await openStore({ home: process.argv[2]! });
const [last] = await store.db.select({ at: sql<number>`coalesce(max(key::int), 0)`.mapWith(Number) }).from(fact);
for (let at = last!.at + 1; ; at++) {
  await store.db.insert(fact).values({ key: String(at), value: 'x'.repeat(1000) });
  process.stdout.write(`${at}\n`);
}
