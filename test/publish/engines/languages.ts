import { parse } from 'yaml';
import { ALLOW, ASK, cedarDecides, closed, DENY, type Engine, holding, STRINGS } from './engine.ts';

const CALL = { type: 'Action', id: 'call_tool' };

function toolhiveDecides(policies: readonly string[]) {
  // ToolHive reads each entry as one policy.
  const decide = cedarDecides(policies.join('\n'));
  return (tool: string) =>
    decide({ principal: { type: 'Client', id: 'c' }, action: CALL, resource: { type: 'Tool', id: tool } });
}

const authzSchema = holding(
  closed({
    version: { const: '1.0' },
    type: { const: 'cedarv1' },
    cedar: closed({ policies: { ...STRINGS, minItems: 1 }, entities_json: { const: '[]' } }),
  }),
);
export const toolhive: Engine = (text) => {
  const authz = parse(text) as { cedar: { policies: string[] } };
  authzSchema(authz);
  const decide = toolhiveDecides(authz.cedar.policies);
  return ({ tool }) => decide(tool);
};

interface Patch {
  readonly spec: {
    readonly rateLimiting?: { readonly tools: { name: string; shared: { maxTokens: number; refillPeriod: string } }[] };
    readonly authzConfig: { readonly inline: { readonly policies: string[] } };
  };
}
const toolhiveSchema = holding(
  closed({
    apiVersion: { const: 'toolhive.stacklok.dev/v1beta1' },
    kind: { const: 'MCPServer' },
    metadata: closed({ name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' } }),
    spec: closed(
      {
        rateLimiting: closed({
          tools: {
            type: 'array',
            minItems: 1,
            items: closed({
              name: { type: 'string', minLength: 1 },
              shared: closed({ maxTokens: { type: 'integer', minimum: 1 }, refillPeriod: { type: 'string' } }),
            }),
          },
        }),
        authzConfig: closed({ type: { const: 'inline' }, inline: closed({ policies: { ...STRINGS, minItems: 1 } }) }),
      },
      ['authzConfig'],
    ),
  }),
);
const PERIODS: Readonly<Record<string, string>> = { '1m0s': 'minute', '1h0m0s': 'hour', '24h0m0s': 'day' };
/** A bucket that is full and refills lets one call less than twice its size through in a window. */
export const toolhiveCrd: Engine = (text) => {
  const patch = parse(text) as Patch;
  toolhiveSchema(patch);
  const { spec } = patch;
  const decide = toolhiveDecides(spec.authzConfig.inline.policies);
  return ({ tool }) => {
    const outcome = decide(tool);
    const bucket = spec.rateLimiting?.tools.find(({ name }) => name === tool)?.shared;
    if (outcome.does !== 'allow' || !bucket) return outcome;
    return { ...outcome, limits: [{ max: 2 * bucket.maxTokens - 1, window: PERIODS[bucket.refillPeriod]! }] };
  };
};

export const cedar: Engine = (text) => {
  const decide = cedarDecides(text);
  return ({ tool, definition }) =>
    decide({
      principal: { type: 'Agent', id: 'a' },
      action: CALL,
      resource: { type: 'Tool', id: tool },
      context: { definition },
    });
};

export const agentcore: Engine = (text) => {
  const decide = cedarDecides(text);
  return ({ label, tool }) =>
    decide({
      principal: { type: 'AgentCore::OAuthUser', id: 'u' },
      action: { type: 'AgentCore::Action', id: `${label}___${tool}` },
      resource: { type: 'AgentCore::Gateway', id: 'arn:aws:bedrock-agentcore:REGION:ACCOUNT:gateway/GATEWAY' },
    });
};

interface Plugin {
  readonly kind: string;
  readonly config: {
    readonly policy?: { effect: 'Permit' | 'Forbid'; principal: string; action: string[]; resource: string[] }[];
    readonly by_tool?: Record<string, string>;
  };
}
const plugin = (kind: string, config: object) =>
  closed({
    name: { type: 'string', minLength: 1 },
    kind: { const: kind },
    hooks: { const: ['tool_pre_invoke'] },
    mode: { const: 'enforce' },
    priority: { type: 'integer' },
    config,
  });
const contextforgeSchema = holding(
  closed({
    plugins: {
      type: 'array',
      minItems: 1,
      items: {
        anyOf: [
          plugin(
            'cedarpolicyplugin.plugin.CedarPolicyPlugin',
            closed({
              policy_lang: { const: 'cedar' },
              policy: {
                type: 'array',
                items: closed({
                  id: { type: 'string' },
                  effect: { enum: ['Permit', 'Forbid'] },
                  principal: { type: 'string' },
                  action: { ...STRINGS, minItems: 1 },
                  resource: { ...STRINGS, minItems: 1 },
                }),
              },
            }),
          ),
          plugin(
            'cpex_rate_limiter.RateLimiterPlugin',
            closed({ by_tool: { type: 'object', additionalProperties: { pattern: '^[1-9]\\d*/[smh]$' } } }),
          ),
        ],
      },
    },
  }),
);
const WINDOWS: Readonly<Record<string, string>> = { m: 'minute', h: 'hour' };
/** The plugin pastes the entries together into Cedar. */
export const contextforge: Engine = (text) => {
  const file = parse(text) as { plugins: Plugin[] };
  contextforgeSchema(file);
  const { plugins } = file;
  const policies = plugins
    .flatMap(({ config }) => config.policy ?? [])
    .map(
      ({ effect, principal, action, resource }) =>
        `${effect.toLowerCase()}(principal == ${principal}, action in [${action.join(',')}], resource) when { ${resource.map((one) => `resource == ${one}`).join(' || ')} };`,
    )
    .join('\n');
  const decide = cedarDecides(policies);
  const rates = Object.entries(plugins.find(({ config }) => config.by_tool)?.config.by_tool ?? {});
  return ({ label, tool }) => {
    const outcome = decide({
      principal: { type: 'Role', id: 'agent' },
      action: { type: 'Action', id: tool },
      resource: { type: 'Server', id: label },
    });
    const [max, unit] = rates.find(([name]) => name === tool)?.[1].split('/') ?? [];
    if (outcome.does !== 'allow' || !max || !unit) return outcome;
    return { ...outcome, limits: [{ max: Number(max), window: WINDOWS[unit]! }] };
  };
};

/** Not OPA: an evaluator of the subset that is written (tables of JSON and one rule), which refuses everything else. */
export const rego: Engine = (text) => {
  const tables = new Map<string, Map<string, unknown>>();
  let open: Map<string, unknown> | undefined;
  for (const line of text.split('\n')) {
    const [, begins] = /^(\w+) := \{$/.exec(line) ?? [];
    const [, key, value] = /^\t("(?:[^"\\]|\\.)*"): (.*),$/.exec(line) ?? [];
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    if (begins) {
      open = new Map();
      tables.set(begins, open);
    } else if (line === '}') open = undefined;
    else if (open && key && value) open.set(JSON.parse(key) as string, JSON.parse(value));
    else if (!HEAD.some((known) => known.test(line))) throw new Error(`not of the subset: ${line}`);
  }
  return ({ tool, definition }) => {
    const known = tables.get('definitions')!.get(tool) === definition;
    const word = known ? tables.get('words')!.get(tool) : undefined;
    if (word === 'ask') return ASK;
    if (word === 'limit') return { ...ALLOW, limits: tables.get('limits')!.get(tool) as [] };
    return word === 'allow' ? ALLOW : DENY;
  };
};
const HEAD = [
  /^package plimsoll\["[a-z0-9-]+"\]$/,
  /^import rego\.v1$/,
  /^default decision := "deny"$/,
  /^decision := words\[input\.tool\] if definitions\[input\.tool\] == input\.definition$/,
];
