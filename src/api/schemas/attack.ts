import { z } from '@hono/zod-openapi';
import { CATEGORIES } from '#domain/verdict.ts';
import { ATTACK_KINDS, STOPPERS } from '#recommend/attacks/attack.ts';

const summary = {
  id: z.string().openapi({ description: 'Never changes', example: 'github-toxic-agent-flow' }),
  title: z.string(),
  date: z
    .string()
    .openapi({ description: 'When it became public, as precisely as is known: a day, a month or a year' }),
  kind: z.enum(ATTACK_KINDS).openapi({
    description: '`incident`: it happened to people; `proof`: somebody showed it; `advisory`: a flaw was found',
  }),
  categories: z.array(z.enum(CATEGORIES)).openapi({ description: 'Of the tools that were used' }),
  cve: z.array(z.string()),
};

export const AttackSummary = z.strictObject(summary).openapi('AttackSummary');
export const AttackList = z.strictObject({ attacks: z.array(AttackSummary) }).openapi('AttackList');

export const Attack = z
  .strictObject({
    ...summary,
    story: z.string().openapi({ description: 'What happened, in our own words' }),
    sources: z.array(z.string()),
    terms: z
      .array(z.strictObject({ id: z.string(), title: z.string() }))
      .openapi({ description: 'In the words of other vocabularies' }),
    stopped: z
      .strictObject({ by: z.enum(Object.keys(STOPPERS) as [keyof typeof STOPPERS]), how: z.string() })
      .openapi({ description: 'What of a recommended policy would have stopped it' }),
    packages: z
      .array(z.strictObject({ purl: z.string(), fixed: z.string().optional(), tools: z.array(z.string()).optional() }))
      .openapi({ description: 'Packages that it happened to, and the version that mends it' }),
    hosts: z.array(z.string()),
    concerns: z
      .array(z.string())
      .openapi({ description: 'Cues by which it fits tools, a sentence each; empty where no definition shows it' }),
    unseen: z.string().optional().openapi({ description: 'Why no definition shows it' }),
  })
  .openapi('Attack');
