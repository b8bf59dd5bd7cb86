import { z } from '@hono/zod-openapi';
import { OUTCOMES } from '#domain/launch.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { count, open, ServerRef } from './common.ts';

const setupKeys = ['mcpServers', 'servers', 'packages', 'purls', 'repositories', 'remotes'];

/** What may be sent: nearly anything, since clients differ. */
export const Setup = z.union([open, z.array(z.unknown())]).openapi('Setup', {
  description:
    `A client’s whole configuration (\`mcpServers\`, \`servers\`, \`context_servers\`, …), or lists under ${setupKeys.slice(2).join(', ')}, ` +
    'or a bare list of names: `npm:name@version`, purls, command lines, repositories, addresses of remote servers, names of ' +
    'the official registry. Leave out variables, headers and secrets; what comes along is neither read nor kept.',
  example: { mcpServers: { files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem'] } } },
});

const Found = z
  .strictObject({
    id: z.string(),
    slug: z.string(),
    displayName: z.string(),
    outcome: z.enum([...OUTCOMES, 'unvisited']),
    toolCount: count,
    risk: z.enum(RISKS).optional().openapi({ description: 'The highest among its tools' }),
    byCategory: z.record(z.enum(CATEGORIES), count),
    byRisk: z.record(z.enum(RISKS), count),
    unassessed: count,
    policy: z.string().openapi({ description: 'Path of its recommended policy' }),
    page: z.string().openapi({ description: 'Path of its page' }),
  })
  .openapi('FoundServer');

export const Resolution = z
  .strictObject({
    entries: z.array(
      z.strictObject({
        name: z.string().optional().openapi({ description: 'What the setup calls it' }),
        asked: z.array(z.string()).openapi({
          description: 'Addresses that were understood; empty where it starts something that only its own machine has',
        }),
        version: z.string().optional().openapi({ description: 'The version of its package that the setup pins' }),
        found: z.boolean(),
        by: z.string().optional().openapi({ description: 'The address that led to it' }),
        server: Found.optional(),
      }),
    ),
    combinations: z
      .array(
        z.strictObject({
          id: z.string(),
          title: z.string(),
          why: z.string(),
          across: z.boolean().openapi({ description: 'It takes more than one of the servers' }),
          legs: z.array(
            z.strictObject({
              id: z.string(),
              title: z.string(),
              tools: z.array(z.strictObject({ server: ServerRef, tool: z.string() })),
              more: count.openapi({ description: 'Further tools that fill this leg' }),
            }),
          ),
        }),
      )
      .openapi({ description: 'What one agent can do that has all of them, the gravest first' }),
  })
  .openapi('Resolution');
