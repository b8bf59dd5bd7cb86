import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { recommended } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  // One counter for everybody: never more than each one's own.
  limit: { windows: ['minute', 'hour'], scopes: ['grant', 'session', 'server'], several: false },
  approve: [],
  deny: true,
  hide: false,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};
const ROLE = 'agent';

const contextforge: Exporter = {
  id: 'contextforge',
  title: 'ContextForge plugins (YAML)',
  mediaType: 'application/yaml',
  can,
  where: `Merge into plugins/config.yaml of the gateway; one file for each server. The role '${ROLE}' gets what it allows, so give it to the agents.`,
  load: 'PLUGINS_ENABLED=true, then start the gateway again. Tools must be registered under the names that the server gives them.',
  check: 'Invoke a tool that is not permitted: the Cedar plugin reports a violation.',
  losses: (policies, options) => prepare(policies, can, recommended, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, recommended, options);
    const files = servers.map((server) => {
      const { label } = server;
      const spelt = server.decisions.filter((decision) => decision.spelt);
      const policy = spelt.map((decision) =>
        commented(
          {
            id: `${label}/${decision.tool}`,
            effect: decision.verb === 'allow' ? 'Permit' : 'Forbid',
            principal: `Role::"${ROLE}"`,
            action: [`Action::"${decision.tool}"`],
            resource: [`Server::"${label}"`],
          },
          remarks(decision),
        ),
      );
      const limited = spelt.flatMap(({ tool, limits: [limit] }) =>
        limit ? [[tool, `${limit.max}/${limit.window === 'minute' ? 'm' : 'h'}`] as const] : [],
      );
      const plugins = [
        {
          name: `Plimsoll ${label}`,
          kind: 'cedarpolicyplugin.plugin.CedarPolicyPlugin',
          hooks: ['tool_pre_invoke'],
          mode: 'enforce',
          priority: 10,
          config: { policy_lang: 'cedar', policy },
        },
        ...(limited.length > 0
          ? [
              {
                name: `Plimsoll limits ${label}`,
                kind: 'cpex_rate_limiter.RateLimiterPlugin',
                hooks: ['tool_pre_invoke'],
                mode: 'enforce',
                priority: 20,
                config: { by_tool: new Map(limited) },
              },
            ]
          : []),
      ];
      return {
        name: `${label}.contextforge.yaml`,
        text: yamlText({ plugins }, heading('ContextForge plugins', [server])),
      };
    });
    return { files, losses };
  },
};

export default contextforge;
