import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

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

const anthropicManaged: Exporter = {
  id: 'anthropic-managed',
  title: 'Anthropic Managed Agents, MCP toolsets (JSON)',
  mediaType: 'application/json',
  can,
  where: 'The `tools` of a managed agent; its `mcp_servers` must have the servers under the same names.',
  load: 'Create or update the agent with it; sessions started from then on keep it.',
  check: 'Let the agent use a tool that asks: the session waits for the confirmation.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const tools = servers.map(({ label, decisions }) => ({
      type: 'mcp_toolset',
      mcp_server_name: label,
      default_config: { enabled: false, permission_policy: { type: 'always_ask' } },
      configs: decisions
        .filter(({ verb, spelt }) => spelt && (verb === 'allow' || verb === 'ask'))
        .map(({ tool, verb }) => ({
          name: tool,
          enabled: true,
          permission_policy: { type: verb === 'allow' ? 'always_allow' : 'always_ask' },
        })),
    }));
    return { files: [{ name: 'anthropic-managed.tools.json', text: `${visibleJson({ tools })}\n` }], losses };
  },
};

export default anthropicManaged;
