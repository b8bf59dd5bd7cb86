import { visibleJson } from '#core/visible.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { named, prepare } from '../formats/prepare.ts';
import { exactNoWildcard } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: { windows: ['minute', 'hour', 'day'], scopes: ['grant'], several: true },
  approve: [],
  deny: true,
  hide: true,
  unlisted: 'deny',
  // The grammar of its operands is not published.
  arguments: [],
  pin: false,
};

const policylayer: Exporter = {
  id: 'policylayer',
  title: 'PolicyLayer gateway (JSON)',
  mediaType: 'application/json',
  can,
  where: 'The policy of the server in the PolicyLayer gateway; one file for each server.',
  load: 'Paste it in the policy editor or send it through the API, and attach it to the grant. A grant without a policy denies everything.',
  check: 'Call a tool that is not named: the gateway denies it.',
  losses: (policies, options) => prepare(policies, can, exactNoWildcard, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exactNoWildcard, options);
    const files = servers.map(({ label, decisions }) => {
      // Under the default `deny`, naming a tool with an empty rule allows it. A tool may be called __proto__.
      const tools: Record<string, unknown> = Object.create(null);
      for (const { tool, verb, spelt, limits } of decisions)
        if (spelt && verb === 'allow') tools[tool] = limits.length > 0 ? { limits } : {};
      const text = visibleJson({ version: '1', default: 'deny', hide: named(decisions, 'hide'), tools });
      return { name: `${label}.policylayer.json`, text: `${text}\n` };
    });
    return { files, losses };
  },
};

export default policylayer;
