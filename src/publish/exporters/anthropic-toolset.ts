import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { named, prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const anthropicToolset: Exporter = {
  id: 'anthropic-toolset',
  title: 'Anthropic Messages API, MCP toolsets (JSON)',
  mediaType: 'application/json',
  can,
  where: 'The `tools` of a request to the Messages API; `mcp_servers` must have the servers under the same names.',
  load: 'Send it with the request, with the beta header of the MCP connector.',
  check: 'Ask for a tool that is not enabled: the model has not got it.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const tools = servers.map(({ label, decisions }) => {
      const configs: Record<string, unknown> = Object.create(null);
      for (const tool of named(decisions, 'allow')) configs[tool] = { enabled: true };
      // What is not said of a tool comes from default_config, whose own default is to enable.
      return { type: 'mcp_toolset', mcp_server_name: label, default_config: { enabled: false }, configs };
    });
    return { files: [{ name: 'anthropic-toolset.tools.json', text: `${visibleJson({ tools })}\n` }], losses };
  },
};

export default anthropicToolset;
