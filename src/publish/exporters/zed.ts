import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { named, prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: ['user'],
  deny: true,
  hide: false,
  unlisted: 'ask',
  arguments: [],
  pin: false,
};

/** How Zed calls what a policy does: https://zed.dev/docs/ai/tool-permissions. */
const WORDS = { allow: 'allow', ask: 'confirm', deny: 'deny' } as const;

const zed: Exporter = {
  id: 'zed',
  title: 'Zed settings (JSON)',
  mediaType: 'application/json',
  can,
  where:
    'Merge into the settings.json of the user (zed: open settings). Servers must be configured under the names that stand between the colons.',
  load: 'Zed 0.224 or newer reads it at once; older ones know only always_allow_tool_actions, which must not be true.',
  check: 'Ask the agent for a denied tool: Zed says that its settings block it.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const tools = servers.flatMap(({ label, decisions }) =>
      (['allow', 'ask', 'deny'] as const).flatMap((verb) =>
        named(decisions, verb).map((tool) => [`mcp:${label}:${tool}`, { default: WORDS[verb] }] as const),
      ),
    );
    const settings = { agent: { tool_permissions: { default: 'confirm', tools: Object.fromEntries(tools) } } };
    return { files: [{ name: 'zed.settings.json', text: `${visibleJson(settings)}\n` }], losses };
  },
};

export default zed;
