import { createRequire } from 'node:module';
import { celEnv, plan, parse as read } from '@bufbuild/cel';
import { parse as parseCel } from '@marcbachmann/cel-js';
import type * as Agt from '@microsoft/agent-governance-sdk';
import { parse } from 'yaml';
import type { Policy } from '#domain/policy.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import { ALLOW, ASK, closed, DENY, type Engine, holding, type Outcome, STRINGS } from './engine.ts';

/** YAML with every map as a Map, so that no key turns into something else. */
export function yamlMap(text: string): Map<string, unknown> {
  return parse(text, { mapAsMap: true }) as Map<string, unknown>;
}

export const plimsoll: Engine = (text) => {
  const policy = JSON.parse(text) as Policy;
  return ({ tool, definition }) => {
    const rule = ruleOf(policy, tool);
    const effect = effectOf(policy, tool);
    if (!rule || effect === 'denied' || effect === 'hidden' || rule.definition !== definition) return DENY;
    if (rule.approve) return ASK;
    return {
      ...ALLOW,
      ...(rule.limits && { limits: rule.limits }),
      require: rule.require,
      deny_if: rule.deny_if,
    } as Outcome;
  };
};

const limit = closed({
  counter: { type: 'string', minLength: 1 },
  window: { enum: ['minute', 'hour', 'day'] },
  max: { type: 'integer', minimum: 1 },
  scope: { const: 'grant' },
});
const policylayerSchema = holding(
  closed({
    version: { const: '1' },
    default: { const: 'deny' },
    hide: STRINGS,
    tools: {
      type: 'object',
      additionalProperties: closed({ limits: { type: 'array', minItems: 1, items: limit } }, []),
    },
  }),
);
export const policylayer: Engine = (text) => {
  const policy = JSON.parse(text) as { hide: string[]; tools: Record<string, { limits?: [] }> };
  policylayerSchema(policy);
  return ({ tool }) => {
    if (policy.hide.includes(tool) || policy.hide.includes('*')) return DENY;
    const rule = Object.hasOwn(policy.tools, tool) ? policy.tools[tool] : undefined;
    return rule ? { ...ALLOW, ...(rule.limits && { limits: rule.limits }) } : DENY;
  };
};

interface InterceptRule {
  readonly action?: 'deny' | 'evaluate';
  readonly conditions?: unknown[];
  readonly rate_limit?: string;
}
const interceptRule = {
  oneOf: [
    closed({ name: { type: 'string' }, action: { const: 'deny' }, on_deny: { type: 'string' } }),
    closed({
      name: { type: 'string' },
      rate_limit: { pattern: '^[1-9]\\d*/(minute|hour|day)$' },
      on_deny: { type: 'string' },
    }),
    closed({
      name: { type: 'string' },
      action: { const: 'evaluate' },
      conditions: {
        type: 'array',
        minItems: 1,
        items: closed({ path: { pattern: '^args\\.' }, op: { type: 'string' }, value: {} }),
      },
      on_deny: { type: 'string' },
    }),
  ],
};
const interceptSchema = holding(
  closed({
    version: { const: '1' },
    default: { const: 'deny' },
    hide: STRINGS,
    tools: { type: 'object', additionalProperties: closed({ rules: { type: 'array', items: interceptRule } }) },
  }),
);
export const intercept: Engine = (text) => {
  interceptSchema(parse(text));
  const policy = yamlMap(text);
  const tools = policy.get('tools') as Map<string, unknown>;
  return ({ tool }) => {
    if ((policy.get('hide') as string[]).includes(tool) || !tools.has(tool)) return DENY;
    const rules = JSON.parse(
      JSON.stringify((tools.get(tool) as Map<string, unknown>).get('rules'), (_, one) =>
        one instanceof Map ? Object.fromEntries(one) : one,
      ),
    ) as InterceptRule[];
    if (rules.some(({ action }) => action === 'deny')) return DENY;
    const limits = rules.flatMap(({ rate_limit }) => {
      const [max, window] = rate_limit?.split('/') ?? [];
      return max && window ? [{ max: Number(max), window }] : [];
    });
    return { ...ALLOW, limits, require: rules.find(({ conditions }) => conditions)?.conditions };
  };
};

const litellmSchema = holding(
  closed({
    mcp_servers: { type: 'object', additionalProperties: closed({ allowed_tools: { ...STRINGS, minItems: 1 } }) },
  }),
);
/** A name counts with and without `server-` in front; an empty list is none. */
export const litellm: Engine = (text) => {
  const config = parse(text) as { mcp_servers: Record<string, { allowed_tools: string[] }> };
  litellmSchema(config);
  return ({ label, tool }) => {
    if (!Object.hasOwn(config.mcp_servers, label)) return DENY;
    const { allowed_tools } = config.mcp_servers[label]!;
    const hit = allowed_tools.includes(tool) || allowed_tools.includes(`${label}-${tool}`);
    return allowed_tools.length === 0 || hit ? ALLOW : DENY;
  };
};

interface Acl {
  readonly allow?: string[];
  readonly deny?: string[];
}
const acl = { allow: { ...STRINGS, minItems: 1 }, deny: { ...STRINGS, minItems: 1 } };
const kongSchema = holding(
  closed({
    _format_version: { const: '3.0' },
    plugins: {
      type: 'array',
      items: closed({
        name: { const: 'ai-mcp-proxy' },
        config: closed({
          mode: { const: 'passthrough-listener' },
          include_consumer_groups: { const: true },
          default_acl: { type: 'array', minItems: 1, items: closed({ scope: { const: 'tools' }, ...acl }) },
          tools: {
            type: 'array',
            items: closed({ name: { type: 'string' }, description: { type: 'string' }, acl: closed(acl, []) }),
          },
        }),
      }),
    },
  }),
);
/** Deny wins; a list of who is allowed shuts everybody else out; a tool's own list stands in the default's place. */
export const kong: Engine = (text) => {
  const file = parse(text) as { plugins: [{ config: { default_acl: [Acl]; tools: { name: string; acl: Acl }[] } }] };
  kongSchema(file);
  const { default_acl, tools } = file.plugins[0].config;
  const admits = ({ allow = [], deny = [] }: Acl, group: string) =>
    !deny.includes(group) && (allow.length === 0 || allow.includes(group));
  return ({ tool }) => {
    const rule = tools.find(({ name }) => name === tool)?.acl ?? default_acl[0];
    return admits(rule, 'agents') || admits(rule, 'everybody-else') ? ALLOW : DENY;
  };
};

const env = celEnv();
/** Whether an expression holds, by two engines that share no code; throws where they disagree. */
function cel(source: string): (call: Record<string, unknown>) => boolean {
  const [one, other] = [parseCel(source), plan(env, read(source))];
  return (call) => {
    const [first, second] = [one(call) === true, other(call as never) === true];
    if (first !== second) throw new Error(`engines of CEL disagree: ${source}`);
    return first;
  };
}

const celRule = (kind: string) => closed({ [kind]: { type: 'string', minLength: 1 } });
const agentgatewaySchema = holding(
  closed({
    mcpAuthorization: closed({
      rules: { type: 'array', items: { oneOf: [celRule('allow'), celRule('deny'), celRule('require')] } },
    }),
  }),
);
/** Rules in CEL: any deny, then every require, then some allow, where there is any; what fails to evaluate does not match. */
export const agentgateway: Engine = (text) => {
  const file = parse(text) as { mcpAuthorization: { rules: Record<string, string>[] } };
  agentgatewaySchema(file);
  const { mcpAuthorization } = file;
  const rules = mcpAuthorization.rules.map((rule) => {
    const [kind, source] = Object.entries(rule)[0]!;
    return { kind, holds: cel(source) };
  });
  return ({ label, tool }) => {
    const call = { mcp: { tool: { name: tool, target: label } } };
    const of = (kind: string) => rules.filter((rule) => rule.kind === kind);
    if (of('deny').some(({ holds }) => holds(call))) return DENY;
    if (of('require').some(({ holds }) => !holds(call))) return DENY;
    return of('allow').length === 0 || of('allow').some(({ holds }) => holds(call)) ? ALLOW : DENY;
  };
};

interface Route {
  readonly spec: {
    readonly backendRefs: [{ name: string; toolSelector?: { include?: string[]; includeRegex?: string[] } }];
    readonly securityPolicy: {
      readonly authorization: {
        readonly defaultAction: string;
        readonly rules: { action: string; target: { tools: { backend: string; tool: string }[] } }[];
      };
    };
  };
}
const few = (maxItems: number, items: object) => ({ type: 'array', minItems: 1, maxItems, items });
const routeSchema = holding(
  closed({
    apiVersion: { const: 'aigateway.envoyproxy.io/v1beta1' },
    kind: { const: 'MCPRoute' },
    metadata: closed({ name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' } }),
    spec: closed({
      parentRefs: few(
        1,
        closed({ name: {}, kind: { const: 'Gateway' }, group: { const: 'gateway.networking.k8s.io' } }),
      ),
      backendRefs: few(
        1,
        closed(
          {
            name: { type: 'string' },
            path: { const: '/mcp' },
            toolSelector: {
              oneOf: [
                closed({ include: few(32, { type: 'string' }) }),
                closed({ includeRegex: few(32, { type: 'string', pattern: '^\\^.*\\$$' }) }),
              ],
            },
          },
          ['name', 'path'],
        ),
      ),
      securityPolicy: closed({
        authorization: closed({
          defaultAction: { const: 'Deny' },
          rules: {
            type: 'array',
            maxItems: 32,
            items: closed({
              action: { const: 'Allow' },
              target: closed({ tools: few(16, closed({ backend: { type: 'string' }, tool: { type: 'string' } })) }),
            }),
          },
        }),
      }),
    }),
  }),
);
/** The selector must let a tool through, and the first rule that matches must allow it. */
export const envoyAiGateway: Engine = (text) => {
  const route = parse(text) as Route;
  routeSchema(route);
  const { spec } = route;
  const { defaultAction, rules } = spec.securityPolicy.authorization;
  const [{ name, toolSelector }] = spec.backendRefs;
  return ({ label, tool }) => {
    const { include, includeRegex } = toolSelector ?? {};
    const selected =
      !toolSelector ||
      (include?.includes(tool) ?? includeRegex!.some((pattern) => new RegExp(pattern, 'u').test(tool)));
    const rule = rules.find(({ target }) =>
      target.tools.some((one) => one.backend === label && one.tool === tool && label === name),
    );
    return selected && (rule?.action ?? defaultAction) === 'Allow' ? ALLOW : DENY;
  };
};

const { PolicyEngine } = createRequire(import.meta.url)('@microsoft/agent-governance-sdk') as typeof Agt;
const agtSchema = holding(
  closed({
    apiVersion: { const: 'governance.toolkit/v1' },
    name: { type: 'string', pattern: '^plimsoll-' },
    default_action: { const: 'deny' },
    rules: {
      type: 'array',
      items: closed(
        {
          name: { type: 'string' },
          condition: { pattern: "^tool_name == '[A-Za-z0-9_-]+'$" },
          ruleAction: { enum: ['allow', 'deny', 'require_approval'] },
          action: { enum: ['allow', 'deny', 'require_approval'] },
          approvers: { ...STRINGS, minItems: 1 },
          limit: { pattern: '^[1-9]\\d*/(minute|hour|day)$' },
          priority: { const: 10 },
        },
        ['name', 'condition', 'ruleAction', 'action', 'priority'],
      ),
    },
  }),
);
/** The toolkit's own engine: a limit is what it lets through before it stops. */
export const agt: Engine = (text) => {
  const { rules } = parse(text) as { rules: { condition: string; limit?: string }[] };
  agtSchema(parse(text));
  new PolicyEngine().loadYaml(text);
  return ({ tool }) => {
    const engine = new PolicyEngine();
    engine.loadYaml(text);
    const ask = () => engine.evaluatePolicy('did:agent:1', { tool_name: tool });
    const first = ask();
    if (!first.allowed) return first.action === 'require_approval' ? ASK : DENY;
    const { limit } = rules.find(({ condition }) => condition === `tool_name == '${tool}'`) ?? {};
    if (!limit) return ALLOW;
    const tries = Number.parseInt(limit, 10) + 1;
    let passed = 1;
    while (passed < tries && ask().allowed) passed++;
    return passed < tries ? { ...ALLOW, limits: [{ max: passed }] } : ALLOW;
  };
};
