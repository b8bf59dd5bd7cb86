import { visibleJson } from '#core/visible.ts';
import { narrow } from '#recommend/recommend.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { labelsOf } from '../formats/label.ts';
import { inOrder, policyText } from '../formats/policy-text.ts';

const can: Abilities = {
  allow: true,
  limit: { windows: ['minute', 'hour', 'day'], scopes: ['grant', 'session', 'server'], several: true },
  approve: ['user', 'operator'],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: ['require', 'deny_if', 'lists'],
  pin: true,
};

const plimsoll: Exporter = {
  id: 'plimsoll',
  title: 'Plimsoll policy (JSON)',
  mediaType: 'application/json',
  can,
  where: 'Anywhere that the gateway or proxy reads policies from; one file for each server.',
  load: 'Load it in a gateway or proxy that enforces Plimsoll policies, and let clients reach the server through it only.',
  check: 'Call a tool that the policy does not name: it is denied.',
  losses: () => [],
  // A part of a valid policy is valid too, so it need not be checked for every tool.
  entries: (policy) => ({ lossesOf: () => [], of: (tool) => visibleJson(inOrder(narrow(policy, [tool]))) }),
  write(policies) {
    const labels = [...labelsOf(policies)].toSorted(([, a], [, b]) => (a < b ? -1 : 1));
    const files = labels.map(([policy, label]) => ({ name: `${label}.plimsoll.json`, text: policyText(policy) }));
    return { files, losses: [] };
  },
};

export default plimsoll;
