import { z } from 'zod';
import { CHANGE_KINDS } from '#domain/change.ts';
import { byVisit, inShort } from '#publish/browse/change-list.ts';
import { md } from '#publish/markup/markdown.ts';
import { serverNamed, unknownServer } from '../brief.ts';
import { catalogueTool, serverArgument } from '../tool.ts';
import { named, plainName } from '../words.ts';

/** Changes in the data, visits in the text, and tools named for one of them. */
const MOST = { changes: 100, visits: 20, tools: 6 };

/** What changed last in the tools of servers. */
export default catalogueTool({
  name: 'list_changes',
  title: 'List recent changes',
  description:
    'Lists the most recent changes in the tools of one MCP server, or of all in the catalogue, newest first.',
  input: z.object({
    server: serverArgument.optional(),
    visits: z.int().min(1).max(50).default(10).describe('How many visits to look back; each comes whole'),
  }),
  output: z.object({
    found: z.boolean().describe('False where the server that was named is not in the catalogue'),
    changes: z.array(
      z.object({
        at: z.iso.datetime(),
        server: z.string(),
        tool: z.string(),
        kind: z.enum(CHANGE_KINDS),
        initial: z.boolean().describe('The first list of this server: new to the catalogue only'),
        before: z.string().optional().describe('Version of its package before'),
        after: z.string().optional().describe('Version of its package since'),
      }),
    ),
    moreChanges: z.int().nonnegative(),
  }),
  async answer({ server: asked, visits }, catalogue) {
    const server = asked === undefined ? undefined : await serverNamed(catalogue, asked);
    if (asked !== undefined && !server)
      return { text: `${unknownServer(asked)}`, data: { found: false, changes: [], moreChanges: 0 } };
    const { changes } = await catalogue.latest({ visits, ...(server && { serverId: server.id }) });
    const lines = byVisit(changes)
      .slice(0, MOST.visits)
      .map((some) => {
        const [{ at, server: of }] = some;
        const names = some.slice(0, MOST.tools).map(({ tool }, at) => md`${at > 0 ? ', ' : ''}${named(tool)}`);
        const rest = some.length - names.length;
        return md`\n- ${at.toISOString().slice(0, 10)} ${named(of.slug)}: ${inShort(some)}: ${names}${rest > 0 && ` and ${rest} more`}`;
      });
    return {
      text: lines.length === 0 ? 'No changes are known.' : `${md`Recent changes, newest first:${lines}`}`,
      data: {
        found: true,
        changes: changes.slice(0, MOST.changes).map(({ at, server: of, tool, kind, initial, versions }) => ({
          at: at.toISOString(),
          server: plainName(of.slug),
          tool: plainName(tool),
          kind,
          initial,
          ...(versions.before !== undefined && { before: plainName(versions.before) }),
          ...(versions.after !== undefined && { after: plainName(versions.after) }),
        })),
        moreChanges: Math.max(0, changes.length - MOST.changes),
      },
    };
  },
});
