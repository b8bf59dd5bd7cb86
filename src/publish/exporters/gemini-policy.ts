import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, type Reader, remarks } from '../formats/prepare.ts';
import { GEMINI_LONGEST, geminiServer } from '../spelling/gemini.ts';
import { both, plain, toldApart } from '../spelling/names.ts';
import { tomlBlock } from '../spelling/toml.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: ['user'],
  deny: true,
  hide: false,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};
const DECISIONS = { allow: 'allow', ask: 'ask_user', deny: 'deny', hide: 'deny' } as const;
const NAMED = 300;
const REST = 200;

/**
 * Gemini CLI builds `mcp_server_tool`, warns of double underscores, by which older builds cut names, and would find the
 * rule for a tool `mcp_server_x` when `x` is called.
 */
const unmistakable: Reader = (_, label) => (tool) => {
  if (tool.includes('__')) return 'Gemini CLI may take two underscores for the end of a server’s name.';
  if (tool.startsWith('mcp_')) return 'Gemini CLI would take the name for one that it has made itself.';
  return `mcp_${geminiServer(label)}_${tool}`.length > GEMINI_LONGEST
    ? 'Gemini CLI shortens the name, so no rule would find it.'
    : undefined;
};

const READER = both(plain, both(unmistakable, toldApart('Gemini CLI', /[^A-Za-z0-9_.:-]/g)));

const geminiPolicy: Exporter = {
  id: 'gemini-policy',
  title: 'Gemini CLI policy (TOML)',
  mediaType: 'application/toml',
  can,
  where:
    'A file in ~/.gemini/policies/, or in /etc/gemini-cli/policies/ for everybody on the machine. Servers must be configured under the names that stand as mcpName.',
  load: 'Gemini CLI reads it at its start; /policies list shows the rules. Without a terminal, what asks is denied.',
  check: 'Ask for a denied tool: Gemini CLI answers with the message of the rule.',
  losses: (policies, options) => prepare(policies, can, READER, options).losses,
  write(policies, options) {
    const { servers: made, losses } = prepare(policies, can, READER, options);
    const servers = made.map((one) => ({ ...one, label: geminiServer(one.label) }));
    const blocks = servers.flatMap(({ policy, label, decisions }) => [
      ...decisions
        .filter(({ spelt }) => spelt)
        .map((decision) => {
          const rule = { mcpName: label, toolName: decision.tool, decision: DECISIONS[decision.verb], priority: NAMED };
          return tomlBlock({ rule: [rule] }, remarks(decision));
        }),
      tomlBlock(
        {
          rule: [
            {
              mcpName: label,
              // A rule without toolName is refused, and with it the whole file.
              toolName: '*',
              decision: 'deny',
              priority: REST,
              denyMessage: `Not allowed by the ${policy.profile} policy of ${label}.`,
            },
          ],
        },
        ['Everything else of this server'],
      ),
    ]);
    const head = heading('Gemini CLI policy', servers).map((line) => `# ${line}\n`);
    return { files: [{ name: 'plimsoll.gemini-policy.toml', text: `${head.join('')}\n${blocks.join('\n')}` }], losses };
  },
};

export default geminiPolicy;
