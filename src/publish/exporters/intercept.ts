import { visibleLine } from '#core/visible.ts';
import type { Decision } from '../formats/downgrade.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, named, prepare, remarks } from '../formats/prepare.ts';
import { exactNoWildcard } from '../spelling/names.ts';
import { commented, yamlText } from '../spelling/yaml.ts';

const can: Abilities = {
  allow: true,
  // One counter in each running Intercept: never for everybody where several run.
  limit: { windows: ['minute', 'hour', 'day'], scopes: ['grant', 'session'], several: true },
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: ['require'],
  pin: false,
};

const intercept: Exporter = {
  id: 'intercept',
  title: 'PolicyLayer Intercept (YAML)',
  mediaType: 'application/yaml',
  can,
  where: 'Beside the configuration of the client whose servers Intercept fronts; one file for each server.',
  load: 'intercept -c FILE -- <command of the server>. Limits need a state store: without one Intercept lets every call pass.',
  check: 'intercept validate -c FILE, then call a denied tool: the answer is the on_deny text.',
  losses: (policies, options) => prepare(policies, can, exactNoWildcard, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exactNoWildcard, options);
    const files = servers.map((server) => {
      const tools = server.decisions
        .filter(({ spelt }) => spelt)
        .map((decision) => [decision.tool, commented(new Map([['rules', rulesOf(decision)]]), remarks(decision))]);
      const policy = new Map<string, unknown>([
        ['version', '1'],
        ['default', 'deny'],
        ['hide', named(server.decisions, 'hide')],
        ['tools', new Map(tools as [string, unknown][])],
      ]);
      return { name: `${server.label}.intercept.yaml`, text: yamlText(policy, heading('Intercept policy', [server])) };
    });
    return { files, losses };
  },
};

/** Every rule must let a call pass; none lets all pass. */
function rulesOf({ tool, verb, limits, require, why }: Decision): unknown[] {
  if (verb !== 'allow')
    return [{ name: 'denied', action: 'deny', on_deny: visibleLine(`${tool} is denied. ${why[0] ?? ''}`).trim() }];
  return [
    ...(require.length > 0
      ? [{ name: 'arguments', action: 'evaluate', conditions: require, on_deny: 'The arguments are not allowed.' }]
      : []),
    ...limits.map(({ max, window }) => ({
      name: `limit by ${window}`,
      rate_limit: `${max}/${window}`,
      on_deny: `At most ${max} calls in each ${window}.`,
    })),
  ];
}

export default intercept;
