import type { Limit } from '#domain/policy.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { toolhiveStatements } from '../spelling/cedar.ts';
import { exact } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  limit: {
    windows: ['minute', 'hour', 'day'],
    // One bucket for everybody: never more than each one's own.
    scopes: ['grant', 'session', 'server'],
    several: false,
    stricter:
      'A token bucket refills while it is used, so it is made half as large: never more than the limit in a window.',
  },
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};
const PERIODS: Readonly<Record<Limit['window'], string>> = { minute: '1m0s', hour: '1h0m0s', day: '24h0m0s' };

const toolhiveCrd: Exporter = {
  id: 'toolhive-crd',
  title: 'ToolHive MCPServer patch (Kubernetes YAML with Cedar)',
  mediaType: 'application/yaml',
  can,
  where: 'A patch for the MCPServer of that name, which says image and transport; one file for each server.',
  load: 'kubectl patch mcpserver NAME --type merge --patch-file FILE. With limits the MCPServer needs sessionStorage of the provider redis; without it the cluster refuses the patch.',
  check: 'Call a tool that is not permitted: ToolHive answers 403, and tools/list does not name it.',
  losses: (policies, options) => prepare(policies, can, exact, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exact, options);
    const files = servers.map((server) => {
      const { label, decisions } = server;
      const statements = toolhiveStatements(decisions);
      const tools = decisions.flatMap(({ tool, verb, limits: [limit] }) =>
        limit && verb === 'allow' ? [{ name: tool, shared: bucket(limit) }] : [],
      );
      const patch = {
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'MCPServer',
        metadata: { name: label },
        spec: {
          ...(tools.length > 0 && { rateLimiting: { tools } }),
          authzConfig: {
            type: 'inline',
            inline: {
              policies:
                statements.length > 0
                  ? statements.map(({ decision, text }) => commented(text, remarks(decision)))
                  : ['forbid(principal, action == Action::"call_tool", resource);'],
            },
          },
        },
      };
      return { name: `${label}.toolhive-crd.yaml`, text: yamlText(patch, heading('ToolHive MCPServer', [server])) };
    });
    return { files, losses };
  },
};

/** A bucket of c tokens that refills c in a window lets at most 2c − 1 calls through in any window. */
function bucket({ max, window }: Limit): { readonly maxTokens: number; readonly refillPeriod: string } {
  return { maxTokens: Math.floor((max + 1) / 2), refillPeriod: PERIODS[window] };
}

export default toolhiveCrd;
