import type { Hearing, Judge } from '#classify/judge/judge.ts';
import { merge, speaksToModel } from '#classify/judge/merge.ts';
import { siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { AssessmentKey, Opinion, Verdict } from '#domain/verdict.ts';
import { untilBack } from '#store/engine/away.ts';
import type { Db } from '#store/engine/open.ts';
import { withLease } from '#store/night/lease.ts';
import {
  assessed,
  presentTools,
  recordAssessments,
  type StoredOpinion,
  storedOpinions,
} from '#store/verdict/assessments.ts';
import type { Classified } from './heard.ts';

/** The part of the classifier that the pipeline needs. */
export interface Assessor {
  /** Hash of the rules; another value makes every tool due again. */
  readonly rules: string;
  /** The verdict of the rules, joined with an opinion where there is one. */
  assess(tool: ToolDefinition, siblings: readonly string[]): Verdict;
  /** What a person put right, where somebody did. */
  correct?(tool: ToolDefinition, verdict: Verdict): Verdict;
}

/** Which judge it is, as far as an assessment's key tells. */
export type JudgeKey = Pick<AssessmentKey, 'prompt' | 'model'>;
const NO_JUDGE: JudgeKey = { prompt: '', model: '' };

/** The verdicts of the rules on a server's tools, joined with opinions and put right where a person did. */
export function verdictsOf(
  assessor: Assessor,
  tools: readonly ToolDefinition[],
  names: readonly string[],
  opinions: (tool: ToolDefinition, at: number) => Opinion | undefined,
): readonly Verdict[] {
  const floors = tools.map((tool) => assessor.assess(tool, names));
  const steered = floors.some(speaksToModel);
  return floors.map((floor, at) => {
    const opinion = opinions(tools[at]!, at);
    const verdict = opinion ? merge(floor, opinion, steered) : floor;
    return assessor.correct?.(tools[at]!, verdict) ?? verdict;
  });
}

/**
 * Assesses those present tools of a server that have no assessment under today's key. A judge is asked only about what
 * it has not answered before; where it fails, an earlier opinion or the rules alone stand, and the server stays due.
 */
export async function classifyServer(
  db: Db,
  { assessor, judge }: { readonly assessor: Assessor; readonly judge?: Judge | undefined },
  serverId: string,
  now: Date,
  stop: AbortSignal,
): Promise<Classified> {
  const tools = await presentTools(db, serverId);
  const names = tools.map((tool) => tool.definition.name);
  const siblings = siblingsHash(names);
  const classify = () => classifyTools(db, { assessor, judge }, { serverId, tools, names, siblings }, now, stop);
  if (!judge || tools.length === 0) return classify();
  // A copy of it may be judged at the same moment: what one is told the other need not pay for.
  return withLease(db, `judge ${siblings} ${judge.prompt} ${judge.model}`, stop, classify);
}

/** A server's tools as they are judged together. */
interface Judged {
  readonly serverId: string;
  readonly tools: Awaited<ReturnType<typeof presentTools>>;
  readonly names: readonly string[];
  readonly siblings: string;
}

async function classifyTools(
  db: Db,
  { assessor, judge }: { readonly assessor: Assessor; readonly judge?: Judge | undefined },
  subject: Judged,
  now: Date,
  stop: AbortSignal,
): Promise<Classified> {
  const { tools, names, siblings } = subject;
  const fingerprints = tools.map((tool) => tool.fingerprint);
  const stored = await storedOpinions(db, fingerprints, siblings, judge);
  const unheard = tools.filter(({ fingerprint }) => {
    const known = stored.get(fingerprint);
    return judge && !(known?.prompt === judge.prompt && known.model === judge.model);
  });
  const definitions = unheard.map((tool) => tool.definition);
  // What was paid for is not thrown away because the database is not there to take it.
  const store = (opinions: Hearing['opinions'], ends: Ends) => {
    const write = () => storeVerdicts(db, assessor, judge, subject, { opinions, stored, ends }, now);
    return opinions.size > 0 ? untilBack(write, stop) : write();
  };
  let assessed = 0;
  const keep = async (answered: Hearing['opinions']) => {
    assessed += await store(answered, 'unfinished');
  };
  const { opinions, postponed, faults }: Hearing =
    judge && definitions.length > 0
      ? await judge.hear(definitions, names, stop, keep)
      : { opinions: new Map<ToolDefinition, Opinion>(), postponed: false, faults: [] };
  assessed += await store(opinions, postponed ? 'postponed' : 'done');
  return { assessed, heard: opinions.size, postponed, faults };
}

/** How far a server's tools have come: more answers follow, some are left for another day, or nothing is left to do. */
type Ends = 'unfinished' | 'postponed' | 'done';

/**
 * Joins what rules and judge say, and stores what is new of it: of an unfinished server only what the judge answered just
 * now, as the rest may yet be. Answers with how many assessments are.
 */
async function storeVerdicts(
  db: Db,
  assessor: Assessor,
  judge: JudgeKey | undefined,
  { serverId, tools, names, siblings }: Judged,
  {
    opinions,
    stored,
    ends,
  }: {
    readonly opinions: Hearing['opinions'];
    readonly stored: ReadonlyMap<string, StoredOpinion>;
    readonly ends: Ends;
  },
  now: Date,
): Promise<number> {
  const fingerprints = tools.map((tool) => tool.fingerprint);
  const found = tools.map(({ fingerprint, definition }): JudgeKey & { readonly opinion?: Opinion } => {
    const opinion = opinions.get(definition);
    return opinion && judge
      ? { prompt: judge.prompt, model: judge.model, opinion }
      : (stored.get(fingerprint) ?? NO_JUDGE);
  });
  const known = new Map<string, ReadonlySet<string>>();
  for (const { prompt, model } of found) {
    const key = { siblings, rules: assessor.rules, prompt, model };
    if (!known.has(`${prompt} ${model}`)) known.set(`${prompt} ${model}`, await assessed(db, fingerprints, key));
  }
  const isNew = (at: number) =>
    (ends !== 'unfinished' || opinions.has(tools[at]!.definition)) &&
    !known.get(`${found[at]!.prompt} ${found[at]!.model}`)!.has(fingerprints[at]!);
  const verdicts = tools.some((_, at) => isNew(at))
    ? verdictsOf(
        assessor,
        tools.map((tool) => tool.definition),
        names,
        (_, at) => found[at]!.opinion,
      )
    : [];
  const fresh = verdicts.flatMap((verdict, at) => {
    const { prompt, model } = found[at]!;
    const key = { fingerprint: fingerprints[at]!, siblings, rules: assessor.rules, prompt, model };
    return isNew(at) ? [{ ...key, verdict, assessedAt: now }] : [];
  });
  await recordAssessments(db, serverId, fresh, ends === 'done' ? now : undefined);
  return fresh.length;
}
