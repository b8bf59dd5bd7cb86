import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, named, prepare, type Reader, remarks } from '../formats/prepare.ts';
import { both, exact } from '../spelling/names.ts';
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

/** Readers of CEL agree on quotes and backslashes in strings, not on every escape of what has no ink. */
const inked: Reader = () => (tool) =>
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(tool) ? 'The name holds characters without ink.' : undefined;

const agentgateway: Exporter = {
  id: 'agentgateway',
  title: 'agentgateway MCP authorisation (YAML with CEL)',
  mediaType: 'application/yaml',
  can,
  where:
    "The policies of the MCP backend in agentgateway's config (binds, listeners, routes, backends); targets must have the names that stand in the rules.",
  load: 'agentgateway -f config.yaml; it reads the file again when that changes.',
  check: 'List the tools through the gateway: those that no rule allows are missing, and calls to them are refused.',
  losses: (policies, options) => prepare(policies, can, both(exact, inked), options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, both(exact, inked), options);
    const rules = servers.flatMap(({ label, decisions }) =>
      decisions
        .filter(({ spelt }) => spelt)
        .map((decision) => {
          const call = `mcp.tool.name == ${cel(decision.tool)} && mcp.tool.target == ${cel(label)}`;
          return commented(decision.verb === 'allow' ? { allow: call } : { deny: call }, remarks(decision));
        }),
    );
    const any = servers.some(({ decisions }) => named(decisions, 'allow').length > 0);
    // Rules become a list of what is allowed with the first `allow`; without one they would let the rest through.
    const mcpAuthorization = { rules: any ? rules : [...rules, { require: 'false' }] };
    const text = yamlText({ mcpAuthorization }, heading('agentgateway authorisation', servers));
    return { files: [{ name: 'agentgateway.policies.yaml', text }], losses };
  },
};

function cel(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

export default agentgateway;
