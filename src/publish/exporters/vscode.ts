import { visibleJson } from '#core/visible.ts';
import { effectOf } from '#recommend/effect.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { entriesOf, named, prepare } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: false,
  limit: false,
  approve: ['user'],
  deny: false,
  hide: false,
  unlisted: 'ask',
  arguments: [],
  pin: false,
};

const vscode: Exporter = {
  id: 'vscode',
  title: 'VS Code settings (JSON)',
  mediaType: 'application/json',
  can,
  where: 'Merge into settings.json of the user or of .vscode/ in the workspace.',
  load: 'VS Code reads it at once. The spelling of tool ids differs between builds: compare with the tool picker.',
  check: 'Let the agent call one of the tools: it asks, and offers no way to be allowed from then on.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  entries: (policy) =>
    entriesOf(policy, can, plain, ({ tool }, label) =>
      effectOf(policy, tool) === 'allowed'
        ? undefined
        : visibleJson({ 'chat.tools.eligibleForAutoApproval': { [`${label}/${tool}`]: false } }),
    ),
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    // A tool that the policy allows is left out: it asks too, but the user may allow it for good.
    const manual = servers.flatMap(({ policy, label, decisions }) =>
      named(decisions, 'ask')
        .filter((tool) => effectOf(policy, tool) !== 'allowed')
        .map((tool) => [`${label}/${tool}`, false] as const),
    );
    const settings = {
      'chat.tools.global.autoApprove': false,
      'chat.tools.eligibleForAutoApproval': Object.fromEntries(manual),
    };
    return { files: [{ name: 'vscode.settings.json', text: `${visibleJson(settings)}\n` }], losses };
  },
};

export default vscode;
