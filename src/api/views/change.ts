import type { AnnotatedTool } from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import { contradicted } from '#publish/facts/contradictions.ts';
import { definitionDiff } from '#publish/facts/definition-diff.ts';
import { copyOf } from './copy.ts';

/** A page of changes, definitions as they were said. */
export function changesView(page: { readonly changes: readonly Change[]; readonly next?: number }) {
  return {
    changes: page.changes.map(({ at, before, after, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      ...(before && { before: { ...before } }),
      ...(after && { after: { ...after } }),
    })),
    ...(page.next !== undefined && { next: page.next }),
  };
}

/** What of a page of changes is of one tool, with the differences told. */
export function toolChangesView(
  { changes, ...page }: { readonly changes: readonly Change[]; readonly next?: number },
  name: string,
) {
  const own = changes.filter(({ tool }) => tool.toWellFormed() === name);
  const view = changesView({ changes: own, ...page });
  return {
    ...view,
    changes: view.changes.map((one, at) => {
      const { before, after } = own[at]!;
      const diff = before && after && definitionDiff(before, after);
      return { ...one, ...(diff !== undefined && { diff }) };
    }),
  };
}

/** Contradicted annotations, one entry a hint. */
export function contradictionsView(tools: readonly AnnotatedTool[]) {
  return contradicted(tools).map(({ server: { id, slug }, contradiction }) => ({
    server: { id, slug },
    ...copyOf(contradiction),
  }));
}
