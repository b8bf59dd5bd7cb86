import { visibleLine } from '#core/visible.ts';
import type { Policy } from '#domain/policy.ts';
import { ruleOf } from '#recommend/effect.ts';
import { type Decision, decide, downgrade, type Misread, namesIn } from './downgrade.ts';
import type { Abilities, Entries, Loss, WriteOptions } from './exporter.ts';
import { labelsOf } from './label.ts';

/** One server's policy, ready to be spelt. */
export interface Prepared {
  readonly policy: Policy;
  readonly label: string;
  readonly decisions: readonly Decision[];
}

/** Judges the names of one server: what else there is decides whether two of them look alike. */
export type Reader = (tools: readonly string[], label: string) => Misread;

/** Policies in order of server, downgraded to what a format can say. */
export function prepare(
  policies: readonly Policy[],
  can: Abilities,
  reader: Reader,
  options: WriteOptions | undefined,
): { readonly servers: readonly Prepared[]; readonly losses: readonly Loss[] } {
  const labels = labelsOf(policies);
  const made = policies
    .toSorted((a, b) => (a.server < b.server ? -1 : 1))
    .map((policy) => {
      const label = options?.labels?.get(policy.server) ?? labels.get(policy)!;
      const misread = reader([...Object.keys(policy.tools), ...policy.hide], label);
      return { policy, label, ...downgrade(policy, can, misread, options) };
    });
  return { servers: made, losses: made.length === 1 ? made[0]!.losses : made.flatMap(({ losses }) => losses) };
}

/** A policy tool by tool, each spelt when it is asked for; `spell` gives nothing for a tool that needs no line. */
export function entriesOf(
  policy: Policy,
  can: Abilities,
  reader: Reader,
  spell: (decision: Decision, label: string) => string | undefined,
): Entries {
  const label = labelsOf([policy]).get(policy)!;
  const misread = reader(namesIn(policy), label);
  return {
    lossesOf: (tool) => decide(policy, tool, can, misread).losses,
    of(tool) {
      if (!ruleOf(policy, tool) && !policy.hide.includes(tool)) return undefined;
      const { decision } = decide(policy, tool, can, misread);
      return decision.spelt ? spell(decision, label) : undefined;
    },
  };
}

/** Names of the tools that the file is to name with one of these verbs. */
export function named(decisions: readonly Decision[], ...verbs: readonly Decision['verb'][]): string[] {
  return decisions.filter(({ verb, spelt }) => spelt && verbs.includes(verb)).map(({ tool }) => tool);
}

/** Lines for a comment on a tool: its name, what became of it, and the first reasons. Never more than a line each. */
export function remarks({ tool, verb, why }: Decision): string[] {
  return [`${inked(tool)}: ${verb}`, ...why.slice(0, 3).map(inked)];
}

/** A line in which nothing lacks ink, not even what some scripts need: nobody reads a rule's comment for its spelling. */
function inked(text: string): string {
  return visibleLine(text).replace(
    /[\p{Cf}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u{${char.codePointAt(0)!.toString(16).toUpperCase()}}`,
  );
}

/** Lines for the head of a file. */
export function heading(title: string, servers: readonly Prepared[]): string[] {
  const names = servers.map(({ policy, label }) => `${inked(policy.server)} (as '${label}')`);
  return [
    `${title}, written by Plimsoll from the profile ${servers[0]!.policy.profile}.`,
    `Servers: ${names.join(', ')}`,
  ];
}
