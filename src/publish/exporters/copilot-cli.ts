import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, named, prepare, remarks } from '../formats/prepare.ts';
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

const copilotCli: Exporter = {
  id: 'copilot-cli',
  title: 'GitHub Copilot CLI (shell script)',
  mediaType: 'text/x-shellscript',
  can,
  where: 'A folder on the PATH, as the command by which Copilot CLI is started.',
  load: 'sh copilot-cli.sh [further arguments of copilot]; servers must be configured under the names before the brackets.',
  check: 'Ask for a denied tool: Copilot CLI refuses it without a question; any tool that is not named asks.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    // Names are letters, digits, underscores and hyphens: nothing that a shell would read inside single quotes.
    const flags = (['allow', 'deny'] as const).flatMap((verb) =>
      servers.flatMap(({ label, decisions }) =>
        named(decisions, verb).map((tool) => `  --${verb}-tool '${label}(${tool})' \\`),
      ),
    );
    const comments = [
      ...heading('Copilot CLI permissions', servers),
      ...servers.flatMap(({ decisions }) => decisions.flatMap(remarks)),
    ];
    const text = ['#!/bin/sh', ...comments.map((line) => `# ${line}`), 'exec copilot \\', ...flags, '  "$@"', ''];
    return { files: [{ name: 'copilot-cli.sh', text: text.join('\n') }], losses };
  },
};

export default copilotCli;
