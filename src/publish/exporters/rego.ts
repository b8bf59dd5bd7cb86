import { visibleJson } from '#core/visible.ts';
import recommendations from '../../../data/recommend.json' with { type: 'json' };
import type { Decision } from '../formats/downgrade.ts';
import type { Abilities, Exporter } from '../formats/exporter.ts';
import { heading, prepare, remarks } from '../formats/prepare.ts';
import { exact } from '../spelling/names.ts';

const can: Abilities = {
  allow: true,
  limit: { windows: ['minute', 'hour', 'day'], scopes: ['grant', 'session', 'server'], several: true },
  approve: ['user', 'operator'],
  deny: true,
  hide: true,
  unlisted: 'deny',
  arguments: [],
  pin: true,
};

const rego: Exporter = {
  id: 'rego',
  title: 'Open Policy Agent (Rego)',
  mediaType: 'text/x-rego',
  can,
  where: 'A bundle or folder that OPA loads; one package for each server.',
  load: 'opa run --server FILE. Ask for `decision` with the input {"tool": …, "definition": …}: "allow", "limit", "ask" or "deny". The caller counts `limits` and asks whom `approvals` names; a word that it does not know must deny.',
  check: 'opa eval -d FILE -i input.json with a tool that is not named: "deny".',
  losses: (policies, options) => prepare(policies, can, exact, options).losses,
  write(policies, options) {
    const { servers, losses } = prepare(policies, can, exact, options);
    const files = servers.map((server) => {
      const spelt = server.decisions.filter((decision) => decision.spelt);
      const lines = [
        ...heading('Rego policy', [server]).map((line) => `# ${line}`),
        `package plimsoll[${visibleJson(server.label)}]`,
        '',
        'import rego.v1',
        '',
        'default decision := "deny"',
        '',
        // A definition other than the one that was assessed finds no word, and so the default.
        'decision := words[input.tool] if definitions[input.tool] == input.definition',
        '',
        ...table('words', spelt, wordOf, true),
        ...table('definitions', spelt, ({ definition }) => definition),
        ...table('limits', spelt, ({ limits }) => (limits.length > 0 ? limits : undefined)),
        ...table('approvals', spelt, ({ verb, approve }) =>
          // What asks since it cannot be said has nobody of its own to ask.
          verb === 'ask' ? (approve ?? recommendations.approval) : undefined,
        ),
        ...table('hidden', spelt, ({ verb }) => (verb === 'hide' ? true : undefined)),
      ];
      return { name: `${server.label}.rego`, text: lines.join('\n') };
    });
    return { files, losses };
  },
};

function wordOf({ verb, limits }: Decision): string {
  if (verb === 'allow') return limits.length > 0 ? 'limit' : 'allow';
  return verb === 'ask' ? 'ask' : 'deny';
}

/** An object by tool name, in the JSON that is Rego too. */
function table(
  name: string,
  decisions: readonly Decision[],
  pick: (decision: Decision) => unknown,
  withReasons = false,
): string[] {
  const rows = decisions.flatMap((decision) => {
    const value = pick(decision);
    if (value === undefined) return [];
    const reasons = withReasons ? remarks(decision).map((line) => `\t# ${line}`) : [];
    return [...reasons, `\t${visibleJson(decision.tool)}: ${visibleJson(value).replace(/\n\s*/g, ' ')},`];
  });
  return [`${name} := {`, ...rows, '}', ''];
}

export default rego;
