import { type Consistency, consistency } from '#classify/consistency.ts';
import type { Judge } from '#classify/judge/judge.ts';
import { merge, speaksToModel } from '#classify/judge/merge.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { type Category, type Opinion, STARTING_RISK, type Verdict } from '#domain/verdict.ts';
import type { Assessor } from '../verdicts.ts';
import type { Gold, Label } from './gold.ts';
import { type Said, type Score, score } from './score.ts';

/**
 * What the author's annotations alone say: what is declared read-only is Read, what is declared destructive Destructive.
 * Where neither is declared it is Write: nobody promised that it only reads.
 */
export function annotated({ annotations }: ToolDefinition): Said {
  const category: Category =
    annotations?.readOnlyHint === true ? 'Read' : annotations?.destructiveHint === true ? 'Destructive' : 'Write';
  return { category, risk: STARTING_RISK[category] };
}

/** The ways to judge that are compared; the last two where a judge has answered. */
export const VARIANTS = ['rules', 'annotations', 'llm', 'hybrid'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Every tool of a gold set with what each variant says of it. */
interface Judged {
  readonly floor: Verdict;
  readonly annotated: Said;
  readonly opinion?: Opinion;
  readonly hybrid?: Verdict;
}

/** Judges whole servers, siblings included. A judge is heard once about each. */
async function judge(
  { servers, labels }: Gold,
  rules: Assessor,
  judge: Judge | undefined,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, Judged>> {
  const judged = new Map<string, Judged>();
  const wanted = new Set(labels.map(({ server }) => server));
  for (const [server, tools] of servers) {
    const names = tools.map(({ name }) => name);
    const floors = tools.map((tool) => rules.assess(tool, names));
    const steered = floors.some(speaksToModel);
    const opinions = wanted.has(server) ? (await judge?.hear(tools, names, stop))?.opinions : undefined;
    for (const [at, tool] of tools.entries()) {
      const floor = floors[at]!;
      const opinion = opinions?.get(tool);
      judged.set(keyOf(server, tool.name), {
        floor,
        annotated: annotated(tool),
        ...(opinion && { opinion }),
        ...(judge && { hybrid: opinion ? merge(floor, opinion, steered) : floor }),
      });
    }
  }
  return judged;
}

const keyOf = (server: string, tool: string) => JSON.stringify([server, tool]);

/** Scores of every variant on a part of a gold set; of the whole set also how consistent the rules are. */
export interface Evaluation {
  readonly split: string;
  readonly variants: Readonly<Partial<Record<Variant, Score>>>;
  readonly consistency?: Consistency;
}

/** Evaluates the variants on a gold set as a whole, and on each of its splits. */
export async function evaluate(
  gold: Gold,
  rules: Assessor,
  heard: Judge | undefined,
  stop: AbortSignal,
): Promise<readonly Evaluation[]> {
  const judged = await judge(gold, rules, heard, stop);
  const of = (label: Label) => judged.get(keyOf(label.server, label.tool));
  const opinion = (label: Label): Said | undefined => {
    const found = of(label)?.opinion;
    return found?.category && { category: found.category, risk: found.risk ?? STARTING_RISK[found.category] };
  };
  const everything = [...gold.servers].flatMap(([server, tools]) =>
    tools.map((tool) => ({ server, tool, verdict: judged.get(keyOf(server, tool.name))!.floor })),
  );
  const splits = [...new Set(gold.labels.flatMap(({ split }) => split ?? []))].sort();
  return ['all', ...splits].map((split) => {
    const labels = gold.labels.filter((label) => split === 'all' || label.split === split);
    return {
      split,
      ...(split === 'all' && { consistency: consistency(everything) }),
      variants: {
        rules: score(labels, (label) => of(label)?.floor),
        annotations: score(labels, (label) => of(label)?.annotated),
        ...(heard && { llm: score(labels, opinion), hybrid: score(labels, (label) => of(label)?.hybrid) }),
      },
    };
  });
}
