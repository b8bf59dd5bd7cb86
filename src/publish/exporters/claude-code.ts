import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { entriesOf, named, prepare } from '../formats/prepare.ts';
import { both, plain, toldApart } from '../spelling/names.ts';

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

/** Claude Code calls a tool `mcp__server__tool`, with `_` for every character but letters, digits, `_` and `-`. */
const unmistakable = both(
  toldApart('Claude Code', /[^A-Za-z0-9_-]/g),
  // A double underscore may end the server's name: a rule for `a`'s tool `b__c` could reach `c` of a server `a__b`.
  () => (tool) =>
    tool.startsWith('_') || tool.includes('__')
      ? 'Claude Code separates server and tool by two underscores.'
      : undefined,
);

const claudeCode: Exporter = {
  id: 'claude-code',
  title: 'Claude Code settings (JSON)',
  mediaType: 'application/json',
  can,
  where:
    'Merge into .claude/settings.json of a project, ~/.claude/settings.json, or the managed settings of an organisation. Servers must be configured under the names that stand between the double underscores.',
  load: 'Claude Code reads it at its start; run /permissions to see the rules.',
  check: 'Ask for a denied tool: Claude Code says that the permission settings deny it.',
  losses: (policies, options) => prepare(policies, can, both(plain, unmistakable), options).losses,
  entries: (policy) =>
    entriesOf(policy, can, both(plain, unmistakable), ({ tool, verb }, label) =>
      visibleJson({ permissions: { [verb]: [`mcp__${label}__${tool}`] } }),
    ),
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, both(plain, unmistakable), options);
    const rules = (verb: 'allow' | 'ask' | 'deny') =>
      servers.flatMap(({ label, decisions }) => named(decisions, verb).map((tool) => `mcp__${label}__${tool}`));
    const settings = {
      $schema: 'https://json.schemastore.org/claude-code-settings.json',
      permissions: {
        defaultMode: 'default',
        allow: rules('allow'),
        ask: rules('ask'),
        deny: rules('deny'),
        // Either mode would answer in the user's place what the policy leaves to the user.
        disableBypassPermissionsMode: 'disable',
        disableAutoMode: 'disable',
      },
    };
    return { files: [{ name: 'claude-code.settings.json', text: `${visibleJson(settings)}\n` }], losses };
  },
};

export default claudeCode;
