import { z } from '@hono/zod-openapi';
import { OUTCOMES } from '#domain/launch.ts';
import type { Mark } from '#domain/lists.ts';
import type { Filters } from '#domain/search.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';

/** Entries on a page where nothing is said, and at most. */
const PAGE = { usual: 50, most: 200 };

/** What lists of servers and of tools can be narrowed by, and how they are paged. */
export const filters = {
  limit: z.coerce.number().int().min(1).max(PAGE.most).default(PAGE.usual),
  cursor: z.string().min(1).max(4000).optional().openapi({ description: '`next` of the page before' }),
  q: z
    .string()
    .max(200)
    .optional()
    .openapi({
      description:
        'Words to find: all of them, the last may be a beginning. Names count before descriptions; `createIssue`, ' +
        '`create_issue` and `create issue` are the same. A search shows some hundreds of its best',
      example: 'create issue',
    }),
  category: z.enum(CATEGORIES).optional(),
  risk: z.enum(RISKS).optional(),
  facet: z
    .string()
    .max(100)
    .regex(/^[a-z][a-z-]*(?:=[a-z-]+)?$/)
    .optional()
    .openapi({ description: 'A facet that holds (`sends-out`), or its value (`reversible=no`)', example: 'sends-out' }),
  source: z
    .string()
    .max(100)
    .regex(/^[a-z0-9-]+$/)
    .optional()
    .openapi({ description: 'A source that lists the server now; GET /v1/sources has all' }),
  outcome: z
    .enum([...OUTCOMES, 'unvisited'])
    .optional()
    .openapi({ description: 'What came of the last visit' }),
  changed_since: z.iso.datetime({ offset: true }).optional().openapi({
    description: 'Only what came, changed or went at that moment or later',
    example: '2026-11-01T00:00:00Z',
  }),
};

type Given = z.output<z.ZodObject<typeof filters>>;

/** The filters as the catalogue takes them. */
export function filtersOf({ q, category, risk, facet, source, outcome, changed_since }: Given): Filters {
  const marks: Mark[] = [];
  if (category !== undefined) marks.push(`category:${category}`);
  if (risk !== undefined) marks.push(`risk:${risk}`);
  if (facet !== undefined) marks.push(`facet:${facet}`);
  return {
    text: q?.trim() || undefined,
    marks,
    source,
    outcome,
    changedSince: changed_since === undefined ? undefined : new Date(changed_since),
  };
}
