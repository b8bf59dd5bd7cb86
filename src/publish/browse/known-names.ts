import type { ListedTool, ToolPlace } from '#domain/lists.ts';
import type { Catalogue } from '../catalogue.ts';

type Tools = readonly (ListedTool & { readonly place: ToolPlace })[];

/** Names read at once. */
const BATCH = 400;

const read = new WeakMap<Catalogue, Map<string, Tools>>();

/**
 * Names one by one, while the tools of the next few hundred are at hand for `toolsAtHand`: a page for each of a hundred
 * thousand names must not ask the database for each.
 */
export async function* namesInBatches(catalogue: Catalogue, names: readonly string[]): AsyncGenerator<string> {
  const batchAt = (at: number) => names.slice(at, at + BATCH);
  const ask = (at: number) => {
    const asked = at < names.length ? catalogue.alikeEach(batchAt(at)) : undefined;
    // Whoever stops reading in between hears nothing of it; who reads on hears it where it is awaited.
    asked?.catch(() => {});
    return asked;
  };
  let next = ask(0);
  try {
    for (let at = 0; at < names.length; at += BATCH) {
      read.set(catalogue, new Map(await next));
      // The database looks up the next while pages are made of these.
      next = ask(at + BATCH);
      yield* batchAt(at);
    }
  } finally {
    await next?.catch(() => {});
    read.delete(catalogue);
  }
}

/** The tools of a name that was just given out by `namesInBatches`; undefined where there are none at hand. */
export function toolsAtHand(catalogue: Catalogue, folded: string): Tools | undefined {
  return read.get(catalogue)?.get(folded);
}
