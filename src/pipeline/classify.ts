import { siblingsHash } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import { assessed, presentTools, recordAssessments } from '#store/assessments.ts';
import type { Db } from '#store/open.ts';
import { readFact, writeFact } from '#store/runs.ts';
import { classifyAgain } from '#store/servers.ts';

/** The part of the classifier that the pipeline needs. */
export interface Assessor {
  /** Hash of the rules; another value makes every tool due again. */
  readonly rules: string;
  assess(tool: ToolDefinition, siblings: readonly string[]): Verdict;
}

/** No judge speaks yet: its half of the key is empty, and a later one's verdicts stand beside these. */
const NO_JUDGE = { prompt: '', model: '' };

/** Makes everything due for classification when the rules are not those that judged last. */
export async function noticeRules(db: Db, assessor: Assessor, now: Date): Promise<void> {
  if ((await readFact(db, 'rules')) === assessor.rules) return;
  await classifyAgain(db, now);
  await writeFact(db, 'rules', assessor.rules);
}

/** Assesses those present tools of a server that have no assessment under today's key. Returns how many those were. */
export async function classifyServer(db: Db, assessor: Assessor, serverId: string, now: Date): Promise<number> {
  const tools = await presentTools(db, serverId);
  const names = tools.map((tool) => tool.definition.name);
  const key = { siblings: siblingsHash(names), rules: assessor.rules, ...NO_JUDGE };
  const known = await assessed(
    db,
    tools.map((tool) => tool.fingerprint),
    key,
  );
  const fresh = tools.filter((tool) => !known.has(tool.fingerprint));
  await recordAssessments(
    db,
    serverId,
    fresh.map(({ fingerprint, definition }) => ({
      fingerprint,
      ...key,
      verdict: assessor.assess(definition, names),
      assessedAt: now,
    })),
    now,
  );
  return fresh.length;
}
