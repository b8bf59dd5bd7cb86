import type { Abilities, Exporter } from '../formats/exporter.ts';
import { entriesOf, heading, named, prepare, remarks } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';
import { tomlBlock } from '../spelling/toml.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: ['user'],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const codex: Exporter = {
  id: 'codex',
  title: 'Codex configuration (TOML)',
  mediaType: 'application/toml',
  can,
  where:
    "Add the keys to the server's own [mcp_servers.…] table in ~/.codex/config.toml, which says how it is started; TOML takes no table twice.",
  load: 'Codex reads it at its start; codex mcp list shows the servers.',
  check: 'Run /mcp: tools that are not enabled are not listed. A tool with the mode "prompt" asks before each call.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  entries: (policy) =>
    entriesOf(policy, can, plain, ({ tool, verb }, label) => {
      if (verb !== 'allow' && verb !== 'ask') return undefined;
      const mode = verb === 'allow' ? 'approve' : 'prompt';
      // Labels and names that get here are bare keys of TOML; a library would take the longest of all on a tool's page.
      return `[mcp_servers.${label}]\nenabled_tools = ["${tool}"]\n\n[mcp_servers.${label}.tools.${tool}]\napproval_mode = "${mode}"`;
    }),
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const blocks = servers.flatMap(({ label, decisions }) => {
      const enabled = named(decisions, 'allow', 'ask');
      const server = {
        ...(enabled.length === 0 && { enabled: false }),
        enabled_tools: enabled,
        default_tools_approval_mode: 'prompt',
      };
      const left = decisions.filter(({ tool }) => !enabled.includes(tool));
      return [
        tomlBlock({ mcp_servers: { [label]: server } }, left.flatMap(remarks)),
        ...decisions
          .filter(({ tool }) => enabled.includes(tool))
          .map((decision) => {
            // In Codex, "approve" means that the user's yes is given already; "prompt" asks for it.
            const approval_mode = decision.verb === 'allow' ? 'approve' : 'prompt';
            const tools = { [decision.tool]: { approval_mode } };
            return tomlBlock({ mcp_servers: { [label]: { tools } } }, remarks(decision));
          }),
      ];
    });
    const head = heading('Codex tools', servers).map((line) => `# ${line}\n`);
    return { files: [{ name: 'codex.config.toml', text: `${head.join('')}\n${blocks.join('\n')}` }], losses };
  },
};

export default codex;
