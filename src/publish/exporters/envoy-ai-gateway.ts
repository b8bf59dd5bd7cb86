import type { Abilities, Exporter, Loss } from '../formats/exporter.ts';
import { heading, named, type Prepared, prepare, remarks } from '../formats/prepare.ts';
import { recommended } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

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
/** Bounds of the MCPRoute CRD, v1beta1: rules of a route, tools of a rule, entries of a tool selector. */
const RULES = 32;
const TOOLS_A_RULE = 16;
const ENTRIES = 32;
const MOST = RULES * TOOLS_A_RULE;

/** Tools that a route has no room to name. */
function unnamed({ policy, decisions }: Prepared): readonly Loss[] {
  const why = `A route names at most ${MOST} tools.`;
  const beyond = named(decisions, 'allow').slice(MOST);
  return beyond.map((tool) => ({ server: policy.server, tool, lost: 'allow', became: 'deny', why }));
}

const envoyAiGateway: Exporter = {
  id: 'envoy-ai-gateway',
  title: 'Envoy AI Gateway MCPRoute (Kubernetes YAML)',
  mediaType: 'application/yaml',
  can,
  where:
    "The cluster of the gateway; one route for each server. Its Gateway is called 'mcp-gateway' here: put your own.",
  load: 'kubectl apply -f FILE',
  check: 'Call a tool that is not named: the gateway answers 403, and tools/list does not name it.',
  losses(policies, options) {
    const { servers, losses } = prepare(policies, can, recommended, options);
    return [...losses, ...servers.flatMap(unnamed)];
  },
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, recommended, options);
    const files = servers.map((server) => {
      const { label, decisions } = server;
      const kept = named(decisions, 'allow').slice(0, MOST);
      const rules = chunks(kept, TOOLS_A_RULE).map((tools) => ({
        action: 'Allow',
        target: { tools: tools.map((tool) => ({ backend: label, tool })) },
      }));
      const route = {
        apiVersion: 'aigateway.envoyproxy.io/v1beta1',
        kind: 'MCPRoute',
        metadata: { name: label },
        spec: {
          parentRefs: [{ name: 'mcp-gateway', kind: 'Gateway', group: 'gateway.networking.k8s.io' }],
          backendRefs: [{ name: label, path: '/mcp', ...(kept.length > 0 && { toolSelector: selector(kept) }) }],
          securityPolicy: {
            authorization: commented({ defaultAction: 'Deny', rules }, decisions.flatMap(remarks)),
          },
        },
      };
      return { name: `${label}.envoy-ai-gateway.yaml`, text: yamlText(route, heading('Envoy AI Gateway', [server])) };
    });
    return { files, losses: [...losses, ...servers.flatMap(unnamed)] };
  },
};

function selector(tools: readonly string[]): object {
  if (tools.length <= ENTRIES) return { include: tools };
  const size = Math.ceil(tools.length / ENTRIES);
  return {
    includeRegex: chunks(tools, size).map(
      (names) => `^(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`,
    ),
  };
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, at) => all.slice(at * size, (at + 1) * size));
}

export default envoyAiGateway;
