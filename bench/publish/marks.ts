import { openStore } from '#store/engine/open.ts';
import { markAll } from '#store/verdict/marks.ts';

/** Gives the tools of a filled catalogue their marks, as judging them does. */
export async function addMarks(url: string): Promise<void> {
  await using store = await openStore({ url, home: '/nonexistent' });
  await markAll(store.db);
  await store.db.execute('vacuum analyze mark');
}
