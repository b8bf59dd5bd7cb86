import { parse } from 'jsonc-parser';
import type { Client } from '../client.ts';
import { mergeJson } from '../edit/json.ts';
import { field, type Node } from '../node.ts';
import { type Around, inAppData, inConfig, inWorkspace } from '../places.ts';
import { serversAt, startOf } from '../shapes.ts';

/** A server that an extension of Zed brings has settings only. */
function start(node: Node) {
  const found = startOf(node);
  const brought = found.kind === 'neither' && (field(node, 'settings') || field(node, 'source')?.value === 'extension');
  return brought ? { ...found, why: 'An extension of Zed starts it; the configuration does not say how.' } : found;
}

function settings(around: Around): string {
  return around.platform === 'win32'
    ? inAppData(around, 'Zed', 'settings.json')
    : inConfig(around, 'zed', 'settings.json');
}

interface Permissions {
  readonly agent: {
    readonly tool_permissions: { readonly tools: Record<string, { default: string; always_allow?: [] }> };
  };
}

/** What the settings say of tools now, by Zed's own names for them; nothing where they cannot be read. */
function permitted(text: string): readonly (readonly [string, { readonly always_allow?: unknown }])[] {
  const { tools } =
    (parse(text, [], { allowTrailingComma: true }) as Partial<Permissions> | undefined)?.agent?.tool_permissions ?? {};
  return Object.entries(tools ?? {}).map(([name, one]) => [name, typeof one === 'object' && one !== null ? one : {}]);
}

/**
 * Zed: https://zed.dev/docs/ai/mcp. Its settings, `context_servers`. What the agent may do stands in the settings of the
 * user, also for servers of a workspace: https://zed.dev/docs/ai/tool-permissions.
 */
export default {
  id: 'zed',
  title: 'Zed',
  endings: ['.zed/settings.json', 'zed/settings.json', 'Zed/settings.json'],
  places: (around) => [
    { path: settings(around), scope: 'user' },
    { path: inWorkspace(around, '.zed', 'settings.json'), scope: 'workspace' },
  ],
  servers: (root) => serversAt(root, ['context_servers'], start),
  policy: {
    format: 'zed',
    place: (_, around) => settings(around),
    label: (name) => (/^[^:]+$/.test(name) ? name : undefined),
    merge(text, exported, labels) {
      const value = JSON.parse(exported) as Permissions;
      const { tools } = value.agent.tool_permissions;
      for (const [name, { always_allow }] of permitted(text)) {
        // What an earlier policy allowed and this one does not speak of, and patterns that come before what it says.
        if (labels.some((label) => name.startsWith(`mcp:${label}:`))) tools[name] ??= { default: 'confirm' };
        if (always_allow !== undefined && tools[name] && tools[name].default !== 'allow') tools[name].always_allow = [];
      }
      return mergeJson(
        text,
        { agent: { ...value.agent } },
        {
          replaces: (path) => path.at(-1) === 'always_allow',
          // As strict as what would take its place.
          keeps: (path, present) =>
            path.at(-1) === 'default' && (present === 'deny' || (path.length === 3 && present === 'confirm')),
        },
      );
    },
  },
} satisfies Client;
