import { z } from 'zod';
import type { CatalogueTool } from '#domain/catalogue.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { EFFECT_TITLES, type Effect } from '#recommend/effect.ts';
import { plainName } from './words.ts';

const EFFECTS = Object.keys(EFFECT_TITLES) as [Effect, ...Effect[]];

/** A tool in a list. */
export const Listed = z.object({
  name: z.string(),
  category: z.enum(CATEGORIES).optional().describe('Absent until the tool has been assessed, as is the risk'),
  risk: z.enum(RISKS).optional(),
  effect: z.enum(EFFECTS).describe('What the recommended policy says of a call'),
});

export function listed({ definition, assessment }: CatalogueTool, effect: Effect): z.input<typeof Listed> {
  return {
    name: plainName(definition.name),
    ...(assessment && { category: assessment.verdict.category, risk: assessment.verdict.risk }),
    effect,
  };
}
