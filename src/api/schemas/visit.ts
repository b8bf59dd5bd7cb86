import { z } from '@hono/zod-openapi';
import { OUTCOMES, PHASES } from '#domain/launch.ts';

const open = z.record(z.string(), z.unknown());

/** What the API says of a visit to a server. */
export const Visit = z
  .strictObject({
    at: z.iso.datetime(),
    outcome: z.enum(OUTCOMES),
    gone: z.literal(true).optional().openapi({
      description: 'Nothing of it was to be had so often in a row that it is left alone until a listing of it changes',
    }),
    phase: z.enum(PHASES).optional(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    wants: z.array(z.string()).openapi({ description: 'Names of the variables that the server asks for' }),
    rejections: z.array(z.strictObject({ index: z.int(), name: z.string().optional(), reason: z.string() })),
    artefact: z
      .strictObject({
        purl: z.string(),
        name: z.string(),
        version: z.string(),
        integrity: z.string(),
        license: z.string().optional(),
        publishedAt: z.string().optional(),
        commit: z.string().optional(),
      })
      .optional(),
    context: z
      .strictObject({
        args: z.array(z.string()),
        envNames: z.array(z.string()),
        sandbox: z.string(),
        profile: z.string(),
        unheld: z.array(z.string()).optional().openapi({
          description: 'What the sandbox did not hold on the machine that listed; absent where it held all',
        }),
        aids: z.array(z.string()).optional().openapi({
          description:
            'What was put beside the server that may change what it shows, such as a network that was made up; absent where nothing was',
        }),
      })
      .optional(),
    protocolVersion: z.string().optional(),
    serverInfo: open.optional(),
    capabilities: open.optional(),
    instructions: z.string().optional().openapi({ description: 'What the server tells agents; hostile data' }),
    prompts: z.array(open).optional(),
    resources: z.array(open).optional().openapi({ description: 'Resources, and templates with their `uriTemplate`' }),
    gates: z
      .array(
        z.strictObject({
          tool: z.string(),
          env: z.array(z.string()),
          args: z.array(z.string()),
          hides: z.literal(true).optional().openapi({ description: 'They hide it rather than show it' }),
        }),
      )
      .optional()
      .openapi({ description: 'Tools that show only with these variables or arguments, or are hidden by them' }),
    tokens: z.int().optional().openapi({ description: 'What the tool list costs an agent, in tokens of o200k_base' }),
    remote: z
      .string()
      .optional()
      .openapi({ description: 'The address that was asked, of a server that runs elsewhere' }),
    authorization: z
      .strictObject({ servers: z.array(z.string()), scopes: z.array(z.string()) })
      .optional()
      .openapi({ description: 'What it advertises of how to get credentials' }),
    egress: z
      .array(z.strictObject({ host: z.string(), port: z.int().optional() }))
      .openapi({ description: 'Where it wanted to connect to while it was listed; it had no network' }),
    peakMemory: z.int().optional().openapi({ description: 'Bytes' }),
    attempts: z.array(
      z.strictObject({
        rung: z.string().openapi({ description: 'What was tried beyond an empty environment' }),
        outcome: z.enum(['listed', 'failed']),
        phase: z.enum(PHASES).optional(),
        reason: z.string().optional(),
        envNames: z.array(z.string()),
        args: z.array(z.string()),
        toolCount: z.int().optional(),
        ms: z.number(),
      }),
    ),
    ms: z.number(),
  })
  .openapi('Visit');
