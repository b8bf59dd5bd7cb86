import { eq, lt } from 'drizzle-orm';
import type { Memory } from '#core/http-memory.ts';
import { storable } from '../engine/columns.ts';
import type { Db } from '../engine/open.ts';
import { publishableAnswer } from '../engine/publishable.ts';
import { remembered } from '../tables/runs.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Addresses that hold a date or a cursor are asked once; what they answered is not kept for ever. */
const KEPT = 14 * DAY;
/** Characters; larger answers are not worth their place. */
const LARGEST = 32 * 1024 * 1024;
/** Longer addresses do not fit the table's index. */
const LONGEST = 1_000;

/** What hosts answered before, from one run to the next, so that a night without changes moves no body. */
export function memory(db: Db, now: () => Date): Memory {
  return {
    async recall(url) {
      const [row] = await db
        .select()
        .from(remembered)
        .where(eq(remembered.url, storable(url)));
      if (row && now().getTime() - row.usedAt.getTime() > DAY)
        await db.update(remembered).set({ usedAt: now() }).where(eq(remembered.url, row.url));
      return row && { etag: row.etag, body: row.body };
    },
    async keep(url, { etag, body }) {
      if (body.length > LARGEST || url.length > LONGEST) return;
      const set = { etag: storable(etag), body: storable(publishableAnswer(body)), usedAt: now() };
      await db
        .insert(remembered)
        .values({ url: storable(url), ...set })
        .onConflictDoUpdate({ target: remembered.url, set });
    },
  };
}

/** Lets go of answers that nobody asked for in two weeks. */
export async function forgetUnused(db: Db, now: Date): Promise<void> {
  await db.delete(remembered).where(lt(remembered.usedAt, new Date(now.getTime() - KEPT)));
}
