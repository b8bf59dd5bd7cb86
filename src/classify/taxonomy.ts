import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';

const text = z.string().min(1);
const Taxonomy = z.strictObject({
  about: text,
  categories: z.record(z.enum(CATEGORIES), z.strictObject({ means: text, includes: text, typical: z.array(text) })),
  rules: z.array(text),
  risk: z.strictObject({
    start: z.record(z.enum(CATEGORIES), z.enum(RISKS)),
    about: text,
    raises: z.array(text),
    lowers: z.array(text),
  }),
  /** Values from the mildest to the gravest. */
  facets: z.record(z.string(), z.strictObject({ about: text, values: z.array(z.string()) })),
});

/** What a verdict says, as the judge is told and the method page shows it. */
export const taxonomy: z.infer<typeof Taxonomy> = Taxonomy.parse(
  parse(readFileSync(join(import.meta.dirname, '..', '..', 'data', 'taxonomy.yaml'), 'utf8')),
);
