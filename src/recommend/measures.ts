import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Profile } from '#domain/policy.ts';
import type { Category, Risk } from '#domain/verdict.ts';
import table from '../../data/recommend.json' with { type: 'json' };
import { type Cap, kindOf, tighter } from './kinds.ts';

/** What a policy does to an assessed tool before anything is said of its arguments. */
export interface Measure {
  readonly limit?: Cap;
  readonly approve?: true;
  readonly deny?: true;
  /** Why, a sentence each. */
  readonly because: readonly string[];
}

interface Cell {
  readonly limit?: Cap;
  readonly approve?: true;
  readonly because: string;
}

// JSON modules lose literal types; data/schemas/recommend.json is held against the file in the tests.
const MEASURES = table.measures as Readonly<Record<Category, Readonly<Record<Risk, Cell>>>>;
const INSTEAD = table.instead as Readonly<Record<Risk, Cap>>;
const COMBINED = table.combined as Cap;

/** The measure for an assessed tool under a profile: its category and risk decide, then what kind of tool it is. */
export function measureOf(tool: CatalogueTool, profile: Profile): Measure {
  const { category, risk } = tool.assessment!.verdict;
  const { limit, approve, because } = MEASURES[category][risk];
  const kind = kindOf(tool);
  const guarded = limit !== undefined || approve !== undefined;
  const fitting = kind && guarded ? (limit && risk === 'critical' ? tighter(limit, kind.limit) : kind.limit) : limit;
  const base: Measure = {
    ...(fitting && { limit: fitting }),
    ...((approve || (guarded && kind?.approve)) && { approve: true as const }),
    because: [because, ...(kind && guarded && fitting === kind.limit ? [kind.because] : [])],
  };
  return underProfile(base, { category, risk, profile });
}

/** The measure for a tool that completes combinations with others, each said in a sentence. What is denied stays so. */
export function completing(measure: Measure, sentences: readonly string[], profile: Profile): Measure {
  const because = [...measure.because, ...sentences];
  if (profile !== 'permissive')
    return { ...measure, approve: true, because: [...because, 'So a person should see each call.'] };
  const limit = measure.limit ? tighter(measure.limit, COMBINED) : COMBINED;
  return { ...measure, limit, because: [...because, 'So few calls go unwatched.'] };
}

function underProfile(
  base: Measure,
  { category, risk, profile }: { readonly category: Category; readonly risk: Risk; readonly profile: Profile },
): Measure {
  const changes = category !== 'Read';
  const { because } = base;
  if (profile === 'read-only' && changes)
    return { deny: true, because: [...because, 'The profile read-only lets nothing through that changes anything.'] };
  if (profile === 'strict' && changes && !base.approve)
    return { ...base, approve: true, because: [...because, 'The profile strict has a person see every change.'] };
  if (profile === 'permissive' && base.approve)
    return {
      limit: base.limit ? tighter(base.limit, INSTEAD[risk]) : INSTEAD[risk],
      because: [...because, 'The profile permissive asks nobody: a cap stands in for the person.'],
    };
  return base;
}
