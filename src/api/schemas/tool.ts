import { z } from '@hono/zod-openapi';
import { PROVENANCES } from '#domain/tool.ts';
import { instant, nextCursor, open, ServerRef } from './common.ts';
import { OtherWords, Verdict } from './verdict.ts';

export const ToolSummary = z
  .strictObject({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    fingerprint: z.string().openapi({
      description:
        'SHA-256 of the RFC 8785 form of the definition as the server says it; what is shown of it has credentials taken out',
    }),
    provenance: z.enum(PROVENANCES),
    firstSeen: instant,
    lastSeen: instant,
    verdict: Verdict.pick({ category: true, access: true, risk: true, confidence: true })
      .optional()
      .openapi({ description: 'Absent until the tool has been assessed' }),
    effect: z
      .enum(['allowed', 'limited', 'approved', 'limited-approved', 'conditional', 'hidden', 'denied'])
      .openapi({ description: 'What the recommended policy does to it' }),
  })
  .openapi('ToolSummary');

export const ToolList = z.strictObject({ server: ServerRef, tools: z.array(ToolSummary) }).openapi('ToolList');

export const Tool = z
  .strictObject({
    server: ServerRef,
    name: z.string(),
    definition: open.openapi({ description: 'What the server says, exactly; hostile data' }),
    fingerprint: z.string(),
    provenance: z.enum(PROVENANCES),
    firstSeen: instant,
    lastSeen: instant,
    assessment: z
      .strictObject({
        verdict: Verdict,
        assessedAt: instant,
        rules: z.string().openapi({ description: 'Hash of the rules that decided' }),
        model: z.string().openapi({ description: 'The judge’s model; empty where none spoke' }),
        account: z
          .strictObject({ rationale: z.string(), misuse: z.string(), by: z.string().optional() })
          .openapi({ description: 'Why, and how it could be misused; `by` names the model whose words these are' }),
        otherWords: OtherWords,
      })
      .optional(),
    rule: open.optional().openapi({ description: 'Its rule in the recommended policy; see /schemas/policy.json' }),
    attacks: z.array(z.strictObject({ id: z.string(), title: z.string(), because: z.string() })).openapi({
      description:
        'Documented attacks that fit it by cues of its own, the strongest first; not that any was tried here',
    }),
    explanation: z.strictObject({
      does: z.string(),
      risk: z.string(),
      effect: z.string(),
      steps: z.array(z.string()),
      questions: z.array(
        z.strictObject({ id: z.string(), question: z.string(), answer: z.string(), example: z.string().optional() }),
      ),
    }),
  })
  .openapi('Tool');

const FoundTool = z
  .strictObject({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    server: ServerRef,
    fingerprint: z.string(),
    provenance: z.enum(PROVENANCES),
    firstSeen: instant,
    verdict: ToolSummary.shape.verdict,
  })
  .openapi('FoundTool');

export const FoundToolList = z.strictObject({ tools: z.array(FoundTool), next: nextCursor }).openapi('FoundToolList');
