import { z } from '@hono/zod-openapi';
import { RELATIONS } from '#domain/catalogue.ts';
import { CHANGE_KINDS } from '#domain/change.ts';
import { OUTCOMES } from '#domain/launch.ts';
import { PROVENANCES } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { OtherWords, Verdict } from './verdict-schemas.ts';
import { Visit } from './visit-schema.ts';

/** The shapes of the API. Closed, so that a test sees a field that nobody described. */

const instant = z.iso.datetime();
const open = z.record(z.string(), z.unknown());

export const Problem = z
  .strictObject({
    type: z
      .string()
      .openapi({ description: 'Stable; what programs should look at', example: 'urn:plimsoll:problem:no-such-server' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
  })
  .openapi('Problem');

// Spread, not extended: an extended closed object becomes an `allOf` that nothing can satisfy.
const summaryFields = {
  id: z.string().openapi({ description: 'Never changes' }),
  slug: z.string().openapi({ description: 'Address of the page; an old one keeps answering' }),
  name: z.string(),
  displayName: z.string().openapi({ description: 'The name for people: cleaned, never empty' }),
  title: z.string().optional(),
  description: z.string().optional(),
  outcome: z.enum([...OUTCOMES, 'unvisited']).openapi({ description: 'What came of the last visit' }),
  toolCount: z.int().nonnegative(),
  risk: z.enum(RISKS).optional().openapi({ description: 'The highest among its tools' }),
  lastSeen: instant,
};

export const ServerSummary = z.strictObject(summaryFields).openapi('ServerSummary');

export const Server = z
  .strictObject({
    ...summaryFields,
    homepage: z.string().optional(),
    repository: z
      .strictObject({ url: z.string(), subfolder: z.string().optional(), forgeId: z.string().optional() })
      .optional(),
    packages: z.array(z.strictObject({ purl: z.string(), version: z.string().optional() })),
    remotes: z.array(z.strictObject({ type: z.enum(['streamable-http', 'sse']), url: z.string() })),
    sources: z.array(z.string()),
    related: z
      .array(
        z.strictObject({
          kind: z.enum(RELATIONS),
          server: z.strictObject({ id: z.string(), slug: z.string() }).optional(),
          because: z.string(),
        }),
      )
      .optional()
      .openapi({ description: 'How it stands to other servers: copies, doubles, look-alikes. Never a proof' }),
    firstSeen: instant,
    listedAt: instant.optional(),
    combinations: z
      .array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          why: z.string(),
          legs: z.array(z.strictObject({ id: z.string(), title: z.string(), tools: z.array(z.string()) })),
        }),
      )
      .openapi({ description: 'What its tools can do together, the gravest first, with the tools that make each leg' }),
    visit: Visit.optional(),
  })
  .openapi('Server');

export const ToolSummary = z
  .strictObject({
    name: z.string(),
    title: z.string().optional(),
    description: z.string().optional(),
    fingerprint: z.string().openapi({ description: 'SHA-256 of the RFC 8785 form of the definition' }),
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

const ServerRef = z.strictObject({ id: z.string(), slug: z.string() }).openapi('ServerRef');

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

export const ServerList = z
  .strictObject({
    servers: z.array(ServerSummary),
    next: z.string().optional().openapi({ description: 'The cursor of the next page; absent on the last' }),
  })
  .openapi('ServerList');

const count = z.int().nonnegative();

export const Stats = z
  .strictObject({
    servers: count,
    tools: count,
    byOutcome: z.partialRecord(z.enum([...OUTCOMES, 'unvisited']), count),
    byCategory: z.record(z.enum(CATEGORIES), count),
    byRisk: z.record(z.enum(RISKS), count),
    unassessed: count,
    static: count.openapi({ description: 'Tools known from a package’s source only' }),
  })
  .openapi('Stats');

export const ChangeList = z
  .strictObject({
    changes: z.array(
      z.strictObject({
        visit: z.int().openapi({ description: 'Orders all changes; pass the last one as `since`' }),
        at: instant,
        server: ServerRef,
        tool: z.string(),
        kind: z.enum(CHANGE_KINDS).openapi({
          description:
            '`not-shown`: missing from a list made under other circumstances, which does not mean that it went',
        }),
        provenance: z.enum(PROVENANCES),
        initial: z.boolean().openapi({ description: 'The first list of this server: new to the catalogue only' }),
        before: open.optional().openapi({ description: 'The definition as it was; hostile data' }),
        after: open.optional().openapi({ description: 'The definition as it is; hostile data' }),
        versions: z.strictObject({ before: z.string().optional(), after: z.string().optional() }),
      }),
    ),
    next: z.int().optional().openapi({ description: 'The `since` of the next page; absent at the end' }),
  })
  .openapi('ChangeList');

export const Health = z.strictObject({ status: z.literal('ok') }).openapi('Health');
export const PolicyDocument = open.openapi('Policy', { description: 'See /schemas/policy.json' });
