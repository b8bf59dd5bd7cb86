import { z } from '@hono/zod-openapi';
import { HINTS } from '#classify/annotations.ts';
import { CATEGORIES, JUDGEMENTS, RISKS } from '#domain/verdict.ts';

/** The shapes of verdicts and of what is drawn from them. Closed, as all of the API's. */

const Evidence = z
  .strictObject({
    signal: z.string(),
    says: z.string().openapi({ description: 'A category, `raises`, `lowers`, or `facet:` and its name' }),
    weight: z.number(),
    because: z.string(),
    quote: z
      .strictObject({
        field: z.string().openapi({ description: 'JSON Pointer into the tool definition' }),
        start: z.int(),
        end: z.int(),
        text: z.string(),
        tool: z.string().optional(),
        at: z.literal('key').optional(),
      })
      .openapi({ description: '`start` and `end` are UTF-16 units of the string at `field`' }),
  })
  .openapi('Evidence');

const Facets = z.record(
  z.string(),
  z.strictObject({ value: z.union([z.string(), z.boolean()]), evidence: z.array(Evidence) }),
);
const Stand = z.strictObject({ category: z.enum(CATEGORIES), risk: z.enum(RISKS) });

const Judgement = z
  .strictObject({
    outcome: z.enum(JUDGEMENTS).openapi({
      description: 'What became of the opinion; `dissents` and `unproven` changed nothing',
    }),
    floor: Stand.openapi({ description: 'What the rules alone say' }),
    category: z.enum(CATEGORIES).optional(),
    risk: z.enum(RISKS).optional(),
    evidence: z.array(Evidence),
    facets: Facets,
    counter: z.string().openapi({ description: 'Its best case for another reading' }),
    rationale: z.string(),
    misuse: z.string(),
  })
  .openapi('Judgement', { description: 'A language model’s opinion, without every claim that quotes nothing' });

const Correction = z
  .strictObject({ author: z.string(), reason: z.string(), date: z.string(), before: Stand })
  .openapi('Correction', { description: 'A person’s correction, and what stood before' });

export const Verdict = z
  .strictObject({
    category: z.enum(CATEGORIES),
    access: z.enum(['read', 'write']),
    risk: z.enum(RISKS),
    confidence: z.number().min(0).max(1),
    evidence: z.array(Evidence),
    facets: Facets,
    judge: Judgement.optional(),
    correction: Correction.optional(),
  })
  .openapi('Verdict');

export const OtherWords = z
  .strictObject({
    sep2793: z.strictObject({
      riskLevel: z.string(),
      category: z.string(),
      blastRadius: z.string().optional(),
      reversibility: z.string().optional(),
      sideEffects: z.array(z.string()),
      approvalRecommendation: z.string(),
    }),
    terms: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        terms: z.array(z.strictObject({ id: z.string(), title: z.string(), because: z.string() })),
      }),
    ),
  })
  .openapi('OtherWords', { description: 'The verdict in other vocabularies: what it gives occasion for' });

export const ContradictionList = z
  .strictObject({
    contradictions: z.array(
      z.strictObject({
        server: z.strictObject({ id: z.string(), slug: z.string() }),
        tool: z.string(),
        hint: z.enum(HINTS),
        declared: z.boolean(),
        found: z.string().openapi({ description: 'What the definition says instead' }),
        claims: z.enum(['safer', 'graver']).openapi({ description: 'How the claim makes the tool look' }),
        confidence: z.number().min(0).max(1),
        declaration: Evidence.shape.quote,
        evidence: z.array(Evidence),
      }),
    ),
    next: z.string().optional().openapi({ description: 'The cursor of the next page; absent on the last' }),
  })
  .openapi('ContradictionList');
