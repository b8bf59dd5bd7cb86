import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { geminiServer } from '#publish/spelling/gemini.ts';
import { ALLOW, ASK, closed, DENY, type Engine, holding, STRINGS } from './engine.ts';

const stubs = mkdtempSync(join(tmpdir(), 'plimsoll-shell-'));
for (const program of ['copilot', 'docker']) {
  writeFileSync(join(stubs, program), `#!/bin/sh\nprintf '%s\\0' "$@"\n`);
  chmodSync(join(stubs, program), 0o755);
}

/** What a shell gives to the program that a script starts; nothing where it starts none. */
function started(script: string): string[] | undefined {
  try {
    const out = execFileSync('/bin/sh', ['-s'], {
      input: script,
      env: { PATH: stubs },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    return out.toString().split('\0').slice(0, -1);
  } catch (error) {
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}

function flag(args: readonly string[], name: string): string[] {
  return args.flatMap((arg, at) => (args[at - 1] === name ? [arg] : []));
}

const claudeSchema = holding(
  closed({
    $schema: { type: 'string' },
    permissions: closed({
      defaultMode: { const: 'default' },
      allow: { type: 'array', uniqueItems: true, items: { pattern: '^mcp__.*$' } },
      ask: { type: 'array', uniqueItems: true, items: { pattern: '^mcp__.*$' } },
      deny: { type: 'array', uniqueItems: true, items: { pattern: '^mcp__.*$' } },
      disableBypassPermissionsMode: { const: 'disable' },
      disableAutoMode: { const: 'disable' },
    }),
  }),
);
/** Deny before ask before allow, by the normalised name. `mcp__server` is every tool of the server; a star ends a prefix. */
export const claudeCode: Engine = (text) => {
  const settings = JSON.parse(text) as { permissions: Record<'allow' | 'ask' | 'deny', string[]> };
  claudeSchema(settings);
  const normal = (name: string) => name.replace(/[^A-Za-z0-9_-]/g, '_');
  return ({ label, tool }) => {
    const server = `mcp__${normal(label)}`;
    const full = `${server}__${normal(tool)}`;
    const hits = (rule: string) =>
      rule === full || rule === server || (rule.endsWith('*') && full.startsWith(rule.slice(0, -1)));
    if (settings.permissions.deny.some(hits)) return DENY;
    return !settings.permissions.ask.some(hits) && settings.permissions.allow.some(hits) ? ALLOW : ASK;
  };
};

const vscodeSchema = holding(
  closed({
    'chat.tools.global.autoApprove': { const: false },
    'chat.tools.eligibleForAutoApproval': { type: 'object', additionalProperties: { const: false } },
  }),
);
/** Everything asks while nothing is approved at once. */
export const vscode: Engine = (text) => {
  vscodeSchema(JSON.parse(text));
  return () => ASK;
};

const zedWord = { enum: ['allow', 'confirm', 'deny'] };
const zedSchema = holding(
  closed({
    agent: closed({
      tool_permissions: closed({
        default: { const: 'confirm' },
        tools: { type: 'object', additionalProperties: closed({ default: zedWord }) },
      }),
    }),
  }),
);
/** What a tool's own default says, else the default of all. */
export const zed: Engine = (text) => {
  const settings = JSON.parse(text) as {
    agent: { tool_permissions: { default: string; tools: Record<string, { default: string }> } };
  };
  zedSchema(settings);
  const { tools, default: usual } = settings.agent.tool_permissions;
  return ({ label, tool }) => {
    const name = `mcp:${label}:${tool}`;
    const word = Object.hasOwn(tools, name) ? tools[name]!.default : usual;
    return word === 'allow' ? ALLOW : word === 'deny' ? DENY : ASK;
  };
};

/** Deny wins; what is not named asks. */
export const copilotCli: Engine = (text) => {
  const args = started(text);
  if (!args) throw new Error('copilot is not started');
  const [allow, deny] = [flag(args, '--allow-tool'), flag(args, '--deny-tool')];
  return ({ label, tool }) => {
    const hit = (rules: readonly string[]) => rules.includes(`${label}(${tool})`) || rules.includes(label);
    if (hit(deny)) return DENY;
    return hit(allow) ? ALLOW : ASK;
  };
};

const cursorSchema = holding(closed({ mcpAllowlist: STRINGS }));
export const cursor: Engine = (text) => {
  const { mcpAllowlist } = JSON.parse(text) as { mcpAllowlist: string[] };
  cursorSchema({ mcpAllowlist });
  const glob = (pattern: string, name: string) => pattern === '*' || pattern === name;
  return ({ label, tool }) =>
    mcpAllowlist.some((entry) => {
      const colon = entry.indexOf(':');
      return glob(entry.slice(0, colon), label) && glob(entry.slice(colon + 1), tool);
    })
      ? ALLOW
      : ASK;
};

interface CodexServer {
  readonly enabled?: boolean;
  readonly enabled_tools: string[];
  readonly default_tools_approval_mode: string;
  readonly tools?: Record<string, { approval_mode: string }>;
}
const MODE = { enum: ['auto', 'prompt', 'approve'] };
const codexServer = closed(
  {
    enabled: { type: 'boolean' },
    enabled_tools: STRINGS,
    default_tools_approval_mode: MODE,
    tools: { type: 'object', additionalProperties: closed({ approval_mode: MODE }) },
  },
  ['enabled_tools', 'default_tools_approval_mode'],
);
const codexSchema = holding(closed({ mcp_servers: { type: 'object', additionalProperties: codexServer } }));
/** In Codex `approve` means that no question is asked. */
export const codex: Engine = (text) => {
  const config = parseToml(text) as unknown as { mcp_servers: Record<string, CodexServer> };
  codexSchema(JSON.parse(JSON.stringify(config)));
  return ({ label, tool }) => {
    if (!Object.hasOwn(config.mcp_servers, label)) return DENY;
    const server = config.mcp_servers[label]!;
    if (server.enabled === false || !server.enabled_tools.includes(tool)) return DENY;
    const own = server.tools && Object.hasOwn(server.tools, tool) ? server.tools[tool] : undefined;
    return (own?.approval_mode ?? server.default_tools_approval_mode) === 'approve' ? ALLOW : ASK;
  };
};

const geminiSchema = holding(
  closed({
    mcpServers: { type: 'object', additionalProperties: closed({ trust: { const: false }, includeTools: STRINGS }) },
  }),
);
/** An entry also stands for `entry(…)`; without trust each call asks. */
export const gemini: Engine = (text) => {
  const { mcpServers } = JSON.parse(text) as { mcpServers: Record<string, { includeTools: string[] }> };
  geminiSchema({ mcpServers });
  return ({ label, tool }) => {
    const server = geminiServer(label);
    if (!Object.hasOwn(mcpServers, server)) return DENY;
    return mcpServers[server]!.includeTools.some((entry) => entry === tool || entry.startsWith(`${tool}(`))
      ? ASK
      : DENY;
  };
};

interface GeminiRule {
  readonly mcpName: string;
  readonly toolName: string;
  readonly decision: 'allow' | 'deny' | 'ask_user';
  readonly priority: number;
}
const geminiRule = closed(
  {
    mcpName: { type: 'string', pattern: '^[^_]+$' },
    toolName: { type: 'string', not: { pattern: '__' } },
    decision: { enum: ['allow', 'deny', 'ask_user'] },
    priority: { type: 'integer', minimum: 0, maximum: 999 },
    denyMessage: { type: 'string' },
  },
  ['mcpName', 'toolName', 'decision', 'priority'],
);
const geminiPolicySchema = holding(closed({ rule: { type: 'array', items: geminiRule } }));
/**
 * The rule of the highest priority decides, found by the name that Gemini CLI makes of server and tool and cuts at 63
 * characters: as its own engine does (version 0.61.0), which real-engines.soak.ts asks.
 */
export const geminiPolicy: Engine = (text) => {
  const { rule } = JSON.parse(JSON.stringify(parseToml(text))) as { rule: GeminiRule[] };
  geminiPolicySchema({ rule });
  const cut = (name: string) => (name.length > 63 ? `${name.slice(0, 30)}...${name.slice(-30)}` : name);
  return ({ label, tool }) => {
    const server = geminiServer(label);
    const known = `${server}_${tool}`.replace(/^(?!mcp_)/, 'mcp_').replace(/[^a-zA-Z0-9_.:-]/g, '_');
    const called = cut(known);
    const fits = ({ toolName }: GeminiRule) =>
      toolName === '*'
        ? called.startsWith(`mcp_${server}_`)
        : [called, `mcp_${server}_${called}`].includes(`mcp_${server}_${toolName}`);
    const [first] = rule
      .filter((one) => one.mcpName === server && fits(one))
      .toSorted((a, b) => b.priority - a.priority);
    return first ? { allow: ALLOW, deny: DENY, ask_user: ASK }[first.decision] : ASK;
  };
};

/** Without --tools every tool is enabled; Docker cuts lists at commas. */
export const dockerGateway: Engine = (text) => {
  const args = started(text);
  if (!args) return () => DENY;
  const list = (name: string) => flag(args, name).flatMap((one) => one.split(','));
  const [servers, tools] = [list('--servers'), list('--tools')];
  return ({ label, tool }) =>
    servers.includes(label) &&
    (tools.length === 0 || tools.includes(`${label}:${tool}`) || tools.includes(`${label}:*`))
      ? ALLOW
      : DENY;
};
