import { z } from 'zod';
import { PROFILES } from '#domain/policy.ts';
import { md } from '#publish/markup/markdown.ts';
import { recommend } from '#recommend/recommend.ts';
import { EXPORTERS } from '../../routes/policies.ts';
import { serverNamed, unknownServer } from '../brief.ts';
import { catalogueTool, serverArgument } from '../tool.ts';
import { count, named, plainName } from '../words.ts';

/** Characters of a file, and losses, in one answer. A file is whole or absent: half a policy is another policy. */
const MOST = { text: 100_000, losses: 50 };

const FORMATS = [...EXPORTERS.keys()] as [string, ...string[]];

/** The recommended policy of a server, in the words of a gateway or client. */
export default catalogueTool({
  name: 'get_policy',
  title: 'Get a policy',
  description:
    'Returns the recommended policy for an MCP server as a text file in the format of a gateway or client, says where the file belongs, and lists what the format cannot say.',
  input: z.object({
    server: serverArgument,
    format: z.enum(FORMATS).default('plimsoll'),
    profile: z.enum(PROFILES).default('recommended').describe('How strict it is'),
  }),
  output: z.object({
    found: z.boolean(),
    server: z.object({ id: z.string(), slug: z.string() }).optional(),
    format: z.string(),
    profile: z.enum(PROFILES),
    where: z.string().describe('Where the file belongs'),
    losses: z.array(z.object({ tool: z.string(), lost: z.string(), became: z.string(), why: z.string() })),
    moreLosses: z.int().nonnegative(),
    file: z
      .object({ name: z.string(), mediaType: z.string(), text: z.string() })
      .optional()
      .describe(`Absent where it is longer than ${MOST.text} characters`),
    path: z.string().optional().describe('Where the HTTP API has the same file'),
  }),
  async answer({ server: asked, format, profile }, catalogue) {
    const { where, title, mediaType, write } = EXPORTERS.get(format)!;
    const server = await serverNamed(catalogue, asked);
    const none = { found: false, format, profile, where, losses: [], moreLosses: 0 };
    if (!server) return { text: `${unknownServer(asked)}`, data: none };
    const policy = recommend(server, profile);
    const { files, losses } = write([policy]);
    const [file] = files;
    const fits = file !== undefined && file.text.length <= MOST.text;
    const query = new URLSearchParams({ format, profile });
    const path = `/v1/servers/${encodeURIComponent(server.id)}/policy?${query}`;
    const rules = Object.keys(policy.tools).length;
    const text = md`The ${profile} policy of ${named(server.slug)} for ${title}: ${count(rules, 'rule')}, ${count(losses.length, 'thing')} that the format cannot say and that became asking or denying. ${where}${fits ? ' The file follows.' : md` The file is too long for an answer; the HTTP API has it at ${named(path)}.`}`;
    return {
      text: `${text}`,
      ...(fits && { file: file.text }),
      data: {
        ...none,
        found: true,
        server: { id: server.id, slug: plainName(server.slug) },
        losses: losses.slice(0, MOST.losses).map(({ tool, lost, became, why }) => ({
          tool: plainName(tool),
          lost,
          became,
          why,
        })),
        moreLosses: Math.max(0, losses.length - MOST.losses),
        ...(fits && { file: { name: file.name, mediaType, text: file.text } }),
        path,
      },
    };
  },
});
