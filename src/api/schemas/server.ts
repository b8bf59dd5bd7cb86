import { z } from '@hono/zod-openapi';
import { RELATIONS } from '#domain/catalogue.ts';
import { OUTCOMES } from '#domain/launch.ts';
import { RISKS } from '#domain/verdict.ts';
import { instant, nextCursor } from './common.ts';
import { Visit } from './visit.ts';

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
    standing: z
      .strictObject({
        verified: z
          .array(
            z.strictObject({
              publisher: z.string(),
              proof: z.enum(['account', 'domain', 'badge']).openapi({
                description: 'Who may publish under the name: that account, whoever has that domain; or only a word',
              }),
              source: z.string(),
            }),
          )
          .openapi({ description: 'Publishers that a source knows to be who they say' }),
        withdrawn: z
          .array(z.strictObject({ source: z.string(), status: z.enum(['deprecated', 'deleted']) }))
          .openapi({ description: 'Listings that are no longer recommended, or were taken down' }),
        archived: z.boolean().optional(),
        disabled: z.boolean().optional().openapi({ description: 'Switched off by the forge' }),
        stars: z.int().nonnegative().optional().openapi({ description: 'Rounded down to one digit and its zeros' }),
        license: z.string().optional().openapi({ description: 'SPDX identifier' }),
      })
      .optional()
      .openapi({ description: 'What those who list it say of its publisher and its repository' }),
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

export const ServerList = z
  .strictObject({
    servers: z.array(ServerSummary),
    next: nextCursor,
  })
  .openapi('ServerList');
