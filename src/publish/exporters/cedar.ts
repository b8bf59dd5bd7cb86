import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare } from '../formats/prepare.ts';
import { cedarCommented, cedarString } from '../spelling/cedar.ts';
import { exact } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: [],
  deny: true,
  hide: false,
  unlisted: 'deny',
  arguments: [],
  pin: true,
};

const cedar: Exporter = {
  id: 'cedar',
  title: 'Cedar policies',
  mediaType: 'text/x-cedar',
  can,
  where: 'The policy store of the application that decides with Cedar; one file for each server.',
  load: 'Decide each call as principal, Action::"call_tool", Tool::"<name>", with the tool definition’s fingerprint in context.definition.',
  check: 'Decide a tool that is not named: Deny.',
  losses: (policies, options) => prepare(policies, can, exact, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exact, options);
    const files = servers.map((server) => {
      const statements = server.decisions
        .filter(({ spelt }) => spelt)
        .map((decision) => {
          const scope = `(principal, action == Action::"call_tool", resource == Tool::${cedarString(decision.tool)})`;
          const pin = `context has definition && context.definition == ${cedarString(decision.definition ?? '')}`;
          return cedarCommented(
            decision,
            decision.verb === 'allow' ? `permit${scope}\n  when { ${pin} };` : `forbid${scope};`,
          );
        });
      const head = heading('Cedar policies', [server]).map((line) => `// ${line}`);
      return { name: `${server.label}.cedar`, text: `${[head.join('\n'), ...statements].join('\n\n')}\n` };
    });
    return { files, losses };
  },
};

export default cedar;
