import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { entriesOf, named, prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: ['user'],
  deny: false,
  hide: false,
  unlisted: 'ask',
  arguments: [],
  pin: false,
};

const cursor: Exporter = {
  id: 'cursor',
  title: 'Cursor permissions (JSON)',
  mediaType: 'application/json',
  can,
  where: 'Merge into .cursor/permissions.json of the workspace or ~/.cursor/permissions.json; both lists count.',
  load: 'Cursor reads it at once. Its own documentation says that the list is no security boundary: nothing is denied.',
  check: 'Let the agent call a tool that is not in the list: Cursor asks, unless it was set to run everything.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  entries: (policy) =>
    entriesOf(policy, can, plain, ({ tool, verb }, label) =>
      verb === 'allow' ? visibleJson({ mcpAllowlist: [`${label}:${tool}`] }) : undefined,
    ),
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const mcpAllowlist = servers.flatMap(({ label, decisions }) =>
      named(decisions, 'allow').map((tool) => `${label}:${tool}`),
    );
    return { files: [{ name: 'cursor.permissions.json', text: `${visibleJson({ mcpAllowlist })}\n` }], losses };
  },
};

export default cursor;
