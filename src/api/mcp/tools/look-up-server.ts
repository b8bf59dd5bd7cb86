import { z } from 'zod';
import { displayName } from '#core/display-name.ts';
import { RISKS } from '#domain/verdict.ts';
import { md } from '#publish/markup/markdown.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import { EFFECT_TITLES, effectOf } from '#recommend/effect.ts';
import { recommend } from '#recommend/recommend.ts';
import { Brief, briefOf, inBrief, serverNamed, unknownServer } from '../brief.ts';
import { Listed, listed } from '../listed.ts';
import { catalogueTool, serverArgument } from '../tool.ts';
import { count, named, plainName } from '../words.ts';

/** Tools in the data, tools in the text, and servers that could have been meant. */
const MOST = { tools: 50, told: 8, meant: 5 };

const Output = z.object({
  found: z.boolean(),
  server: Brief.optional(),
  tools: z.array(Listed).describe('The riskiest first'),
  moreTools: z.int().nonnegative(),
  combinations: z
    .array(z.object({ id: z.string(), title: z.string() }))
    .describe('What its tools can be led to do together, the gravest first'),
  similar: z.array(z.object({ slug: z.string(), displayName: z.string() })).describe('Where none was found'),
});

/** What the catalogue says of a server. */
export default catalogueTool({
  name: 'look_up_server',
  title: 'Look up a server',
  description:
    'Returns what the catalogue knows of an MCP server: how many tools it has, the category and risk of each, and what the recommended policy says of them.',
  input: z.object({ server: serverArgument }),
  output: Output,
  async answer({ server: asked }, catalogue) {
    const server = await serverNamed(catalogue, asked);
    if (!server) {
      const { servers } = await catalogue.list({ text: asked.slice(0, 200), limit: MOST.meant });
      const similar = servers.map((one) => ({ slug: plainName(one.slug), displayName: plainName(displayName(one)) }));
      const names = similar.map(({ slug }, at) => md`${at > 0 ? ', ' : ''}${named(slug)}`);
      return {
        text: `${unknownServer(asked)}${names.length > 0 ? md` Some that are found by these words: ${names}.` : ''}`,
        data: { found: false, tools: [], moreTools: 0, combinations: [], similar },
      };
    }
    const policy = recommend(server, 'recommended');
    const rank = (risk: string | undefined) => RISKS.indexOf(risk as never);
    const tools = server.tools
      .map((tool) => listed(tool, effectOf(policy, tool.definition.name)))
      .sort((a, b) => rank(b.risk) - rank(a.risk));
    const combinations = combinationsOf(server).map(({ id, title }) => ({ id, title }));
    const brief = briefOf(server);
    const lines = tools
      .slice(0, MOST.told)
      .map(
        (one) =>
          md`\n- ${named(one.name)}: ${one.category ?? 'not judged yet'}${one.risk ? `, ${one.risk}` : ''}. Policy: ${EFFECT_TITLES[one.effect]}`,
      );
    const rest = tools.length - lines.length;
    return {
      text: `${inBrief(brief)}${md`${lines}${rest > 0 && `\n- and ${count(rest, 'more tool')}`}${combinations.length > 0 && md`\n\nTogether its tools can be led to: ${combinations.map(({ title }) => title).join('; ')}.`}`}`,
      data: {
        found: true,
        server: brief,
        tools: tools.slice(0, MOST.tools),
        moreTools: Math.max(0, tools.length - MOST.tools),
        combinations,
        similar: [],
      },
    };
  },
});
