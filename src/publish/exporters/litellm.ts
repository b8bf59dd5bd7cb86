import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, named, prepare, type Reader, remarks } from '../formats/prepare.ts';
import { both, recommended } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

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

/** LiteLLM compares the list with a tool's name with and without `server-` in front. */
const unprefixed: Reader = (_, label) => (tool) =>
  tool.startsWith(`${label}-`) ? 'LiteLLM would take the name for another tool’s with the server in front.' : undefined;

const litellm: Exporter = {
  id: 'litellm',
  title: 'LiteLLM proxy (YAML)',
  mediaType: 'application/yaml',
  can,
  where: "Merge into the proxy's config.yaml; the server's own entry says its url and transport.",
  load: 'litellm --config config.yaml',
  check: 'List the tools of the server through the proxy: those that are not allowed are missing.',
  losses: (policies, options) => prepare(policies, can, both(recommended, unprefixed), options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, both(recommended, unprefixed), options);
    const open = servers.filter(({ decisions }) => named(decisions, 'allow').length > 0);
    // An empty list of allowed tools would be no list at all, so a server without any is left out.
    const closed = servers.filter((server) => !open.includes(server));
    const mcp_servers = new Map(
      open.map(({ label, decisions }) => [
        label,
        commented({ allowed_tools: named(decisions, 'allow') }, decisions.flatMap(remarks)),
      ]),
    );
    const head = [
      ...heading('LiteLLM servers', servers),
      ...closed.map(({ label }) => `No tool of ${label} is allowed: do not configure it.`),
    ];
    return {
      files: [{ name: 'litellm.config.yaml', text: yamlText(new Map([['mcp_servers', mcp_servers]]), head) }],
      losses,
    };
  },
};

export default litellm;
