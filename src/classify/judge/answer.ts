import { z } from 'zod';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { taxonomy } from '../taxonomy.ts';

const quote = z.strictObject({ field: z.string(), text: z.string() });
const claim = <T extends z.ZodType>(value: T) => z.strictObject({ value, because: z.string(), quote });
const facets = Object.keys(taxonomy.facets) as [string, ...string[]];
const values = [...new Set(Object.values(taxonomy.facets).flatMap((facet) => facet.values))] as [string, ...string[]];

/** What is asked of a judge about one tool. Every claim rests on words of the definition. */
export const ToolAnswer = z.strictObject({
  id: z.string(),
  category: claim(z.enum(CATEGORIES)),
  risk: claim(z.enum(RISKS)),
  facets: z.array(z.strictObject({ name: z.enum(facets), ...claim(z.enum(values)).shape })),
  counter_reading: z.string(),
  rationale: z.string(),
  misuse: z.string(),
});
export type ToolAnswer = z.infer<typeof ToolAnswer>;

/** The schema of a whole answer, as structured output takes it: closed, every key required. */
export const ANSWER_SCHEMA = (() => {
  const { $schema: _, ...schema } = z.toJSONSchema(z.strictObject({ tools: z.array(ToolAnswer) }));
  return schema;
})();
