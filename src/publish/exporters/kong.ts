import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { recommended } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: [],
  deny: true,
  hide: false,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};
/** The consumer group for which the policy speaks, and one that nobody is in. */
const AGENTS = 'agents';
const NOBODY = 'plimsoll-nobody';

const kong: Exporter = {
  id: 'kong',
  title: 'Kong AI MCP Proxy (YAML)',
  mediaType: 'application/yaml',
  can,
  where: `The plugins of the service or route in front of the server (decK file or KongPlugin); one file for each server. Consumers of the group '${AGENTS}' get what it allows.`,
  load: 'deck gateway apply FILE',
  check: "Call a tool that is not named with a consumer's key: Kong answers that the ACL denies it.",
  losses: (policies, options) => prepare(policies, can, recommended, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, recommended, options);
    const files = servers.map((server) => {
      const tools = server.decisions
        .filter(({ spelt }) => spelt)
        .map((decision) =>
          commented(
            {
              name: decision.tool,
              description: decision.verb === 'allow' ? 'Allowed by policy' : 'Denied by policy',
              acl: decision.verb === 'allow' ? { allow: [AGENTS] } : { allow: [NOBODY], deny: [AGENTS] },
            },
            remarks(decision),
          ),
        );
      const config = {
        mode: 'passthrough-listener',
        include_consumer_groups: true,
        // A list of denied groups alone would admit consumers of every other group.
        default_acl: [{ scope: 'tools', allow: [NOBODY], deny: [AGENTS] }],
        tools,
      };
      const text = yamlText(
        { _format_version: '3.0', plugins: [{ name: 'ai-mcp-proxy', config }] },
        heading('Kong AI MCP Proxy', [server]),
      );
      return { name: `${server.label}.kong.yaml`, text };
    });
    return { files, losses };
  },
};

export default kong;
