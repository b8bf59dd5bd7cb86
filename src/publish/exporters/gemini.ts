import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { entriesOf, named, prepare } from '../formats/prepare.ts';
import { geminiServer } from '../spelling/gemini.ts';
import { plain } from '../spelling/names.ts';

const can: Abilities = {
  allow: false,
  limit: false,
  approve: ['user'],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: false,
};

const gemini: Exporter = {
  id: 'gemini',
  title: 'Gemini CLI settings (JSON)',
  mediaType: 'application/json',
  can,
  where:
    "Merge into ~/.gemini/settings.json or .gemini/settings.json; the server's own entry says how it is started. The format gemini-policy can allow without a question.",
  load: 'Gemini CLI reads it at its start.',
  check: 'Run /mcp: tools that are not included are not listed; the others ask before each call.',
  losses: (policies, options) => prepare(policies, can, plain, options).losses,
  entries(policy) {
    let server: string | undefined;
    return entriesOf(policy, can, plain, ({ tool, verb }, label) => {
      server ??= geminiServer(label);
      return verb === 'ask'
        ? visibleJson({ mcpServers: { [server]: { trust: false, includeTools: [tool] } } })
        : undefined;
    });
  },
  write(policies, options) {
    // An entry of includeTools also stands for `entry(…)`, which plain names cannot be mistaken for.
    const { servers, losses } = prepare(policies, can, plain, options);
    const mcpServers = Object.fromEntries(
      servers.map(({ label, decisions }) => [
        geminiServer(label),
        { trust: false, includeTools: named(decisions, 'ask') },
      ]),
    );
    return { files: [{ name: 'gemini.settings.json', text: `${visibleJson({ mcpServers })}\n` }], losses };
  },
};

export default gemini;
