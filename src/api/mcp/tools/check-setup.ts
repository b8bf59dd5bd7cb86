import { z } from 'zod';
import { MOST_WANTED, readSetup } from '#discover/wanted.ts';
import { resolveSetup } from '#publish/facts/resolve.ts';
import { md } from '#publish/markup/markdown.ts';
import { Brief, briefOf, inBrief } from '../brief.ts';
import { catalogueTool } from '../tool.ts';
import { count, named, plainName, plainWords } from '../words.ts';

/** Servers in the text, combinations in the text, and tools named for one leg. */
const MOST = { servers: 20, combinations: 5, tools: 4 };

export const Setup = z.object({
  servers: z
    .array(z.string().max(2_000))
    .max(MOST_WANTED)
    .optional()
    .describe('Servers by name: npm:@scope/name, purls, command lines, repositories, addresses of remote servers'),
  config: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('Or the whole configuration of a client, such as mcp.json. Leave out env, headers and secrets'),
});

const Output = z.object({
  entries: z.array(
    z.object({
      name: z.string().optional().describe('What the setup calls it'),
      asked: z.array(z.string()).describe('Addresses that were understood'),
      found: z.boolean(),
      server: Brief.optional(),
    }),
  ),
  combinations: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        why: z.string(),
        across: z.boolean().describe('It takes more than one of the servers'),
        legs: z.array(
          z.object({ title: z.string(), tools: z.array(z.object({ server: z.string(), tool: z.string() })) }),
        ),
      }),
    )
    .describe('What one agent that has all of them can be led to do, the gravest first'),
});

/** What the catalogue says of a whole setup, as `POST /v1/resolve` does. */
export default catalogueTool({
  name: 'check_setup',
  title: 'Check a setup',
  description: `Returns what the catalogue knows of each MCP server that a setup names, at most ${MOST_WANTED}, and which risks only arise from having them together. Nothing of the setup is kept.`,
  input: Setup,
  output: Output,
  async answer({ servers = [], config = {} }, catalogue) {
    const wanted = [...readSetup(config), ...readSetup(servers)].slice(0, MOST_WANTED);
    const found = await resolveSetup(catalogue, wanted);
    const entries = found.entries.map(({ wanted: { name, addresses }, server }) => ({
      ...(name !== undefined && { name: plainName(name) }),
      asked: addresses.map(plainWords),
      found: server !== undefined,
      ...(server && { server: briefOf(server) }),
    }));
    const combinations = found.combinations.map(({ id, title, why, across, legs }) => ({
      id,
      title,
      why,
      across,
      legs: legs.map((leg) => ({
        title: leg.title,
        tools: leg.tools
          .slice(0, MOST.tools)
          .map(({ server, tool }) => ({ server: plainName(server.slug), tool: plainName(tool) })),
      })),
    }));
    return { text: told(entries, combinations), data: { entries, combinations } };
  },
});

/** The same in words; a setup whose entries were found elsewhere is told so too. */
export function told(
  entries: z.input<typeof Output>['entries'],
  combinations: z.input<typeof Output>['combinations'],
): string {
  if (entries.length === 0) return 'The setup names no server that could be read.';
  const known = entries.filter(({ found }) => found).length;
  const lines = entries.slice(0, MOST.servers).map(({ name, asked, server }) => {
    const called = name ?? asked[0];
    return md`\n- ${called !== undefined && md`${named(called)}: `}${server ? inBrief(server) : 'not in the catalogue: treat it as not assessed.'}`;
  });
  const rest = entries.length - lines.length;
  const grave = combinations.slice(0, MOST.combinations).map(({ title, across, legs }) => {
    const one = legs.map(({ tools: [first] }, at) =>
      first === undefined ? '' : md`${at > 0 ? ' → ' : ''}${named(first.tool)} of ${named(first.server)}`,
    );
    return md`\n- ${title}${across ? ', across servers' : ''}: ${one}`;
  });
  const left = combinations.length - grave.length;
  return `${md`${count(entries.length, 'server')}, ${known} in the catalogue.${lines}${rest > 0 && `\n- and ${rest} more`}${grave.length > 0 && md`\n\nTogether they can be led to:${grave}${left > 0 && `\n- and ${left} more`}`}`}`;
}

export const SetupAnswer = Output;
