import { parse } from 'smol-toml';
import type { Client } from '../client.ts';
import { mergeToml } from '../edit/toml.ts';
import { type Node, recordAt, textAt, textsAt } from '../node.ts';
import { inHome, inWorkspace, join } from '../places.ts';
import { serversAt, startOf } from '../shapes.ts';

/** Codex names variables whose values it passes on or puts into headers: here they stand as what is to be filled in. */
function start(node: Node) {
  const bearer = textAt(node, 'bearer_token_env_var');
  const headers = new Map([
    ...[...recordAt(node, 'env_http_headers')].map(([name, variable]) => [name, `\${${variable}}`] as const),
    ...(bearer === undefined ? [] : [['Authorization', `Bearer \${${bearer}}`] as const]),
  ]);
  const found = startOf(node, { headers });
  if (found.kind !== 'command') return found;
  const passed = textsAt(node, 'env_vars').map((name) => [name, `\${${name}}`] as const);
  return { ...found, env: new Map([...passed, ...found.env]) };
}

/** The exported policy of one server. */
interface Policy {
  readonly tools?: Readonly<Record<string, Record<string, unknown>>>;
  readonly [key: string]: unknown;
}

/** Codex: https://developers.openai.com/codex/mcp. Its policy is part of the same file. */
export default {
  id: 'codex',
  title: 'Codex',
  endings: ['.codex/config.toml', '.toml'],
  places: (around) => [
    { path: join(around, around.env.CODEX_HOME || inHome(around, '.codex'), 'config.toml'), scope: 'user' },
    { path: inWorkspace(around, '.codex', 'config.toml'), scope: 'workspace' },
  ],
  servers: (root) => serversAt(root, ['mcp_servers'], start),
  policy: {
    format: 'codex',
    place: ({ path }) => path,
    label: (name) => (/^[\w-]+$/.test(name) ? name : undefined),
    merge(text, exported) {
      const { mcp_servers: servers } = parse(exported) as { mcp_servers: Record<string, Policy> };
      return mergeToml(
        text,
        Object.entries(servers).flatMap(([name, { tools = {}, ...keys }]) => [
          { path: ['mcp_servers', name], keys },
          ...Object.entries(tools).map(([tool, own]) => ({ path: ['mcp_servers', name, 'tools', tool], keys: own })),
        ]),
      );
    },
  },
} satisfies Client;
