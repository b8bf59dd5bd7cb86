import type { Abilities, Exporter } from '../exporter.ts';
import { heading, prepare, type Reader, remarks } from '../prepare.ts';
import { both, plain } from '../spelling/names.ts';
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

/** Gemini CLI builds `mcp_server_tool` and warns of double underscores, by which older builds cut names. */
const unmistakable: Reader = () => (tool) =>
  tool.includes('__') ? 'Gemini CLI may take two underscores for the end of a server’s name.' : undefined;

const geminiPolicy: Exporter = {
  id: 'gemini-policy',
  title: 'Gemini CLI policy (TOML)',
  mediaType: 'application/toml',
  can,
  where: 'A file in ~/.gemini/policies/, or in /etc/gemini-cli/policies/ for everybody on the machine.',
  load: 'Gemini CLI reads it at its start; /policies list shows the rules. Without a terminal, what asks is denied.',
  check: 'Ask for a denied tool: Gemini CLI answers with the message of the rule.',
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, both(plain, unmistakable), options);
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
