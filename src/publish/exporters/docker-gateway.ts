import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, named, prepare, remarks } from '../formats/prepare.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: false,
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const dockerGateway: Exporter = {
  id: 'docker-gateway',
  title: 'Docker MCP Gateway (shell script)',
  mediaType: 'text/x-shellscript',
  can,
  where: 'The script that starts the gateway. Servers must stand in the catalogue under the names before the colons.',
  load: 'sh docker-gateway.sh [further arguments of the gateway]',
  check: 'docker mcp tools ls: tools that are not named are missing.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, plain, options);
    const open = servers.filter(({ decisions }) => named(decisions, 'allow').length > 0);
    const comments = [
      ...heading('Docker MCP Gateway', servers),
      ...servers.flatMap(({ decisions }) => decisions.flatMap(remarks)),
    ];
    const flags = open.flatMap(({ label, decisions }) => [
      `  --servers '${label}' \\`,
      ...named(decisions, 'allow').map((tool) => `  --tools '${label}:${tool}' \\`),
    ]);
    // Without --tools the gateway would enable every tool there is.
    const run =
      open.length > 0
        ? ['exec docker mcp gateway run \\', ...flags, '  "$@"']
        : ["echo 'No tool of these servers is allowed, so the gateway is not started.' >&2", 'exit 1'];
    const text = ['#!/bin/sh', ...comments.map((line) => `# ${line}`), ...run, ''].join('\n');
    return { files: [{ name: 'docker-gateway.sh', text }], losses };
  },
};

export default dockerGateway;
