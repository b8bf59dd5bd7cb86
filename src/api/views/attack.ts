import type { z } from '@hono/zod-openapi';
import type { Attack } from '#recommend/attacks/attack.ts';
import { cueInWords } from '#recommend/attacks/cue-words.ts';
import { termTitle } from '#recommend/vocabularies.ts';
import type { AttackSummary, Attack as Shown } from '../schemas/attack.ts';

/** An attack as the API lists it. */
export function attackSummaryView({
  id,
  title,
  date,
  kind,
  categories,
  cve = [],
}: Attack): z.input<typeof AttackSummary> {
  return { id, title, date, kind, categories, cve };
}

/** An attack with everything that is told of it. */
export function attackView(attack: Attack): z.input<typeof Shown> {
  const { story, sources, terms, stopped, packages = [], hosts = [], cues = [], unseen } = attack;
  return {
    ...attackSummaryView(attack),
    ...{ story, sources, stopped, packages, hosts },
    terms: terms.map((id) => ({ id, title: termTitle(id) })),
    concerns: cues.map(cueInWords),
    ...(unseen !== undefined && { unseen }),
  };
}
