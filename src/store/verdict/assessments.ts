import { and, desc, eq, inArray, isNull, lte, ne } from 'drizzle-orm';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Assessment, AssessmentKey, Opinion } from '#domain/verdict.ts';
import type { Db } from '../engine/open.ts';
import { server } from '../tables/servers.ts';
import { assessment, definition, presence } from '../tables/tools.ts';
import { writeMarks } from './marks.ts';

/** The present tools of a server: what classification starts from. */
export async function presentTools(
  db: Db,
  serverId: string,
): Promise<readonly { readonly fingerprint: string; readonly definition: ToolDefinition }[]> {
  // Planned each time: a plan that was made while the first night had stored little reads whole tables later in it.
  return db
    .selectDistinct({ fingerprint: definition.fingerprint, definition: definition.body })
    .from(presence)
    .innerJoin(definition, eq(definition.fingerprint, presence.fingerprint))
    .where(and(eq(presence.serverId, serverId), isNull(presence.goneAt)))
    .orderBy(definition.fingerprint);
}

/** Which of these fingerprints already have an assessment under the rest of the key. */
export async function assessed(
  db: Db,
  fingerprints: readonly string[],
  key: Omit<AssessmentKey, 'fingerprint'>,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let i = 0; i < fingerprints.length; i += 1000) {
    const rows = await db
      .select({ fingerprint: assessment.fingerprint })
      .from(assessment)
      .where(
        and(
          inArray(assessment.fingerprint, fingerprints.slice(i, i + 1000)),
          eq(assessment.siblings, key.siblings),
          eq(assessment.rules, key.rules),
          eq(assessment.prompt, key.prompt),
          eq(assessment.model, key.model),
        ),
      );
    for (const row of rows) found.add(row.fingerprint);
  }
  return found;
}

/** An opinion that a judge gave, and which judge it was. */
export type StoredOpinion = Pick<AssessmentKey, 'prompt' | 'model'> & { readonly opinion: Opinion };

/**
 * The newest opinion on each fingerprint among these siblings, one of this judge's before any other's: what was once
 * answered need not be asked again when the rules change.
 */
export async function storedOpinions(
  db: Db,
  fingerprints: readonly string[],
  siblings: string,
  judge: Pick<AssessmentKey, 'prompt' | 'model'> | undefined,
): Promise<ReadonlyMap<string, StoredOpinion>> {
  const own = ({ prompt, model }: StoredOpinion) => prompt === judge?.prompt && model === judge?.model;
  const found = new Map<string, StoredOpinion>();
  for (let i = 0; i < fingerprints.length; i += 1000) {
    const rows = await db
      .select({
        fingerprint: assessment.fingerprint,
        prompt: assessment.prompt,
        model: assessment.model,
        verdict: assessment.verdict,
      })
      .from(assessment)
      .where(
        and(
          inArray(assessment.fingerprint, fingerprints.slice(i, i + 1000)),
          eq(assessment.siblings, siblings),
          ne(assessment.model, ''),
        ),
      )
      .orderBy(desc(assessment.assessedAt));
    for (const { fingerprint, prompt, model, verdict } of rows) {
      if (!verdict.judge) continue;
      const { outcome: _, floor: __, ...opinion } = verdict.judge;
      const known = found.get(fingerprint);
      const one = { prompt, model, opinion };
      if (!known || (own(one) && !own(known))) found.set(fingerprint, one);
    }
  }
  return found;
}

/**
 * Stores a server's new assessments and what lists know of them, and clears its due date, together. A date set after `since` stays: the server was
 * listed again while it was being classified. Without `since` every date stays: something is left to do.
 */
export async function recordAssessments(
  db: Db,
  serverId: string,
  assessments: readonly Assessment[],
  since: Date | undefined,
): Promise<void> {
  await db.transaction(async (tx) => {
    for (let i = 0; i < assessments.length; i += 1000)
      await tx
        .insert(assessment)
        .values(
          assessments.slice(i, i + 1000).map((one) => ({
            ...one,
            category: one.verdict.category,
            risk: one.verdict.risk,
          })),
        )
        .onConflictDoNothing();
    await writeMarks(tx, [serverId]);
    if (since === undefined) return;
    await tx
      .update(server)
      .set({ classifyDue: null })
      .where(and(eq(server.id, serverId), lte(server.classifyDue, since)));
  });
}
