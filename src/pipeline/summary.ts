import type { Outcome, Phase } from '#domain/launch.ts';
import type { Category, Risk } from '#domain/verdict.ts';
import { statistics } from '#store/catalogue/catalogue.ts';
import type { World } from '#world.ts';
import type { Broken } from './drain.ts';

/** How a run left one server: `unchanged` was not launched, because nothing of it is new. */
export interface ServerOutcome {
  readonly server: string;
  readonly outcome: Outcome | 'unchanged';
  readonly phase: Phase | null;
  readonly reason: string | null;
  /** Tools that were read from its source because it did not list. */
  readonly static?: number;
}

export interface SourceOutcome {
  readonly source: string;
  readonly sightings: number;
  readonly new: number;
  readonly changed: number;
  /** Listings that it no longer has. */
  readonly gone: number;
  readonly dropped: number;
  /** Rows of the database that this took. */
  readonly rows: number;
  readonly error: string | null;
}

/** What a judge was asked in a run, and what went wrong. */
export interface Heard {
  readonly model: string;
  /** Tools that it gave an opinion on. */
  readonly tools: number;
  /** Servers that are asked about again in the next run. */
  readonly postponed: number;
  readonly requests: number;
  readonly tokens: number;
  /** Null where the price is not known. */
  readonly dollars: number | null;
  /** What went wrong, and how often. */
  readonly faults: Readonly<Record<string, number>>;
}

/** What a run did, as `--json` prints it. `seen` is the sum of the four others; `refused` counts as failed. */
export interface Summary {
  readonly servers: {
    readonly seen: number;
    readonly listed: number;
    readonly wantsCredentials: number;
    readonly failed: number;
    readonly unchanged: number;
  };
  readonly tools: {
    readonly total: number;
    readonly static: number;
    readonly byCategory: Readonly<Record<Category, number>>;
    readonly byRisk: Readonly<Record<Risk, number>>;
  };
  readonly outcomes: readonly ServerOutcome[];
  readonly sources: readonly SourceOutcome[];
  /** Jobs given up after their last try, for a reason that is a bug of ours or did not pass: `doctor` keeps them. */
  readonly broken: readonly Broken[];
  /** Tools that got a new assessment. */
  readonly assessed: number;
  /** Null where the rules judged alone. */
  readonly judge: Heard | null;
  readonly sandbox: string;
  readonly pages: { readonly written: number; readonly unchanged: number; readonly removed: number } | null;
  readonly seconds: number;
}

/** Adds the catalogue's totals to what a run noted. */
export async function summarise(
  { db, blocked }: Pick<World, 'db' | 'blocked'>,
  noted: Pick<Summary, 'outcomes' | 'sources' | 'broken' | 'sandbox' | 'assessed' | 'judge' | 'pages' | 'seconds'>,
): Promise<Summary> {
  const { tools, static: fromSource, byCategory, byRisk } = await statistics(db, [...blocked.keys()]);
  const count = (...words: readonly ServerOutcome['outcome'][]) =>
    noted.outcomes.filter((one) => words.includes(one.outcome)).length;
  return {
    servers: {
      seen: noted.outcomes.length,
      listed: count('listed'),
      wantsCredentials: count('wants-credentials'),
      failed: count('failed', 'refused'),
      unchanged: count('unchanged'),
    },
    tools: { total: tools, static: fromSource, byCategory, byRisk },
    ...noted,
    outcomes: noted.outcomes.toSorted((a, b) => (a.server < b.server ? -1 : 1)),
    seconds: Math.round(noted.seconds * 10) / 10,
  };
}
