import { and, eq, sql } from 'drizzle-orm';
import { withoutSecretsIn } from '#core/secrets.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Db } from '../engine/open.ts';
import { assessment, definition } from '../tables/tools.ts';

/**
 * Takes the keys out of a definition that was stored when they were not yet known for such, and out of what was quoted
 * from it. Does nothing where it holds none, which is nearly always.
 */
export async function cutAgain(
  tx: Db,
  fingerprint: string,
  said: ToolDefinition,
  publishable: ToolDefinition,
): Promise<void> {
  if (JSON.stringify(said) === JSON.stringify(publishable)) return;
  const changed = await tx
    .update(definition)
    .set({ body: publishable })
    .where(and(eq(definition.fingerprint, fingerprint), sql`${definition.body} <> ${JSON.stringify(publishable)}`))
    .returning({ fingerprint: definition.fingerprint });
  if (changed.length === 0) return;
  const verdicts = await tx.select().from(assessment).where(eq(assessment.fingerprint, fingerprint));
  for (const { siblings, rules, prompt, model, verdict } of verdicts)
    await tx
      .update(assessment)
      .set({ verdict: withoutSecretsIn(verdict) })
      .where(
        and(
          eq(assessment.fingerprint, fingerprint),
          eq(assessment.siblings, siblings),
          eq(assessment.rules, rules),
          eq(assessment.prompt, prompt),
          eq(assessment.model, model),
        ),
      );
}
