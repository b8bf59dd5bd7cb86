import { eq } from 'drizzle-orm';
import type { Db } from '../engine/open.ts';
import { storedTree } from '../tables/visits.ts';

/** What is known of one object of the store that machines share. */
export type StoredTreeRow = Pick<typeof storedTree.$inferSelect, 'sha256' | 'bytes' | 'unpacked'>;

export async function findStoredTree(db: Db, key: string): Promise<StoredTreeRow | undefined> {
  const { sha256, bytes, unpacked } = storedTree;
  const [row] = await db.select({ sha256, bytes, unpacked }).from(storedTree).where(eq(storedTree.key, key));
  return row;
}

/** The newest object is the tree's: an older one was lost or was not what had been stored. */
export async function saveStoredTree(db: Db, key: string, stored: StoredTreeRow, now: Date): Promise<void> {
  const { sha256, bytes, unpacked } = stored;
  const values = { sha256, bytes, unpacked, storedAt: now };
  await db
    .insert(storedTree)
    .values({ key, ...values })
    .onConflictDoUpdate({ target: storedTree.key, set: values });
}
