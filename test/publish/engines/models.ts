import { ALLOW, ASK, closed, DENY, type Engine, holding, STRINGS } from './engine.ts';

interface OpenAiTool {
  readonly server_label: string;
  readonly allowed_tools: string[];
  readonly require_approval: 'always' | { always: { tool_names: string[] }; never: { tool_names: string[] } };
}
const names = closed({ tool_names: STRINGS });
const openaiSchema = holding(
  closed({
    tools: {
      type: 'array',
      items: closed({
        type: { const: 'mcp' },
        server_label: { type: 'string', pattern: '^[a-zA-Z][a-zA-Z0-9_-]*$' },
        allowed_tools: { ...STRINGS, minItems: 1 },
        require_approval: { anyOf: [{ const: 'always' }, closed({ always: names, never: names })] },
      }),
    },
  }),
);
/** What neither list names asks. */
export const openai: Engine = (text) => {
  const request = JSON.parse(text) as { tools: OpenAiTool[] };
  openaiSchema(request);
  return ({ label, tool }) => {
    const server = request.tools.find(({ server_label }) => server_label === label);
    if (!server?.allowed_tools.includes(tool)) return DENY;
    if (server.require_approval === 'always' || server.require_approval.always.tool_names.includes(tool)) return ASK;
    return server.require_approval.never.tool_names.includes(tool) ? ALLOW : ASK;
  };
};

interface Toolset<T> {
  readonly mcp_server_name: string;
  readonly default_config: { readonly enabled: boolean };
  readonly configs: T;
}
const enabled = closed({ enabled: { type: 'boolean' } });
const toolsetSchema = holding(
  closed({
    tools: {
      type: 'array',
      items: closed({
        type: { const: 'mcp_toolset' },
        mcp_server_name: { type: 'string' },
        default_config: enabled,
        configs: { type: 'object', additionalProperties: enabled },
      }),
    },
  }),
);
export const anthropicToolset: Engine = (text) => {
  const request = JSON.parse(text) as { tools: Toolset<Record<string, { enabled: boolean }>>[] };
  toolsetSchema(request);
  return ({ label, tool }) => {
    const server = request.tools.find(({ mcp_server_name }) => mcp_server_name === label);
    if (!server) return DENY;
    const own = Object.hasOwn(server.configs, tool) ? server.configs[tool] : undefined;
    return (own ?? server.default_config).enabled ? ALLOW : DENY;
  };
};

const policy = closed({ type: { enum: ['always_allow', 'always_ask', 'auto'] } });
const managedSchema = holding(
  closed({
    tools: {
      type: 'array',
      items: closed({
        type: { const: 'mcp_toolset' },
        mcp_server_name: { type: 'string' },
        default_config: closed({ enabled: { type: 'boolean' }, permission_policy: policy }),
        configs: {
          type: 'array',
          items: closed({ name: { type: 'string' }, enabled: { type: 'boolean' }, permission_policy: policy }),
        },
      }),
    },
  }),
);
interface ManagedConfig {
  readonly name: string;
  readonly enabled: boolean;
  readonly permission_policy: { readonly type: string };
}
export const anthropicManaged: Engine = (text) => {
  const request = JSON.parse(text) as { tools: Toolset<ManagedConfig[]>[] };
  managedSchema(request);
  return ({ label, tool }) => {
    const server = request.tools.find(({ mcp_server_name }) => mcp_server_name === label);
    const own = server?.configs.find(({ name }) => name === tool);
    if (!own?.enabled) return server?.default_config.enabled ? ASK : DENY;
    return own.permission_policy.type === 'always_allow' ? ALLOW : ASK;
  };
};
