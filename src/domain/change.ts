import type { LaunchContext } from './launch.ts';
import type { Provenance, ToolDefinition } from './tool.ts';

/**
 * What can be said of a tool from one list to the next: it `appeared`, its definition `changed`, it `went`; or it is
 * `not-shown` in a list that was made under other circumstances, which says nothing of whether it is gone.
 */
export const CHANGE_KINDS = ['appeared', 'changed', 'went', 'not-shown'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One change of one tool of one server. `visit` orders all changes there are. */
export interface Change {
  readonly visit: number;
  readonly at: Date;
  readonly server: { readonly id: string; readonly slug: string };
  readonly tool: string;
  readonly kind: ChangeKind;
  readonly provenance: Provenance;
  /** The first list of this server: everything in it is new to the catalogue, not to the server. */
  readonly initial: boolean;
  /** What it said before and says now; the one or the other where there is only one. */
  readonly before?: ToolDefinition;
  readonly after?: ToolDefinition;
  /** Package versions of both lists, where known. */
  readonly versions: { readonly before?: string; readonly after?: string };
}

/** A visit, and what of it decides whether its list can be compared with another. */
export interface Seen {
  readonly visit: number;
  readonly at: Date;
  readonly version: string | null;
  readonly sandbox: string;
  readonly context: LaunchContext | null;
  readonly remote: string | null;
}

interface Row {
  readonly serverId: string;
  readonly slug: string;
  readonly provenance: Provenance;
  readonly definition: ToolDefinition;
  readonly seen: Seen;
}

/** A definition that a visit brought first. */
export type Came = Row & { readonly initial: boolean };
/** A definition that a visit came without, and the visit that had it last. */
export type Went = Row & { readonly before: Seen };

/** Whether two lists were made under the same circumstances: only then does absence mean anything. */
export function isComparable(one: Seen, other: Seen): boolean {
  const circumstances = ({ sandbox, context, remote }: Seen) =>
    JSON.stringify([sandbox, remote, context?.args ?? [], [...(context?.envNames ?? [])].sort(), context?.aids ?? []]);
  return circumstances(one) === circumstances(other);
}

/** Changes in the order of visits and names: what came and what went under one name in one visit is one change. */
export function changesOf(came: readonly Came[], went: readonly Went[]): readonly Change[] {
  const key = ({ seen, serverId, definition, provenance }: Row) =>
    JSON.stringify([seen.visit, serverId, definition.name, provenance === 'static']);
  const leaving = new Map<string, Went[]>();
  for (const one of went) leaving.set(key(one), [...(leaving.get(key(one)) ?? []), one]);
  const changes = came.map((one): Change => {
    const old = leaving.get(key(one))?.shift();
    return {
      ...common(one),
      kind: old ? 'changed' : 'appeared',
      initial: one.initial && !old,
      ...(old && { before: old.definition }),
      after: one.definition,
      versions: versions(old?.before, one.seen),
    };
  });
  const listed = new Set(came.map(({ seen, definition }) => JSON.stringify([seen.visit, definition.name])));
  for (const one of [...leaving.values()].flat()) {
    // What was read from source gives way to the same tool's own word: that is no change of the tool.
    if (one.provenance === 'static' && listed.has(JSON.stringify([one.seen.visit, one.definition.name]))) continue;
    changes.push({
      ...common(one),
      kind: one.provenance !== 'static' && isComparable(one.before, one.seen) ? 'went' : 'not-shown',
      initial: false,
      before: one.definition,
      versions: versions(one.before, one.seen),
    });
  }
  return changes.sort((a, b) => a.visit - b.visit || (a.tool < b.tool ? -1 : a.tool > b.tool ? 1 : 0));
}

function common({ seen, serverId, slug, definition, provenance }: Row) {
  return { visit: seen.visit, at: seen.at, server: { id: serverId, slug }, tool: definition.name, provenance };
}

function versions(before: Seen | undefined, after: Seen): Change['versions'] {
  return {
    ...(before?.version != null && { before: before.version }),
    ...(after.version !== null && { after: after.version }),
  };
}
