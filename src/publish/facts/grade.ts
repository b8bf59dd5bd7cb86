import { contradictions } from '#classify/annotations.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { RISKS, type Risk } from '#domain/verdict.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import table from '../../../data/grade.json' with { type: 'json' };

/** The formula, with what it means. */
export const GRADING = table;

/** A reason that weighed in a grade, in one sentence, with its points. */
export interface GradeReason {
  readonly because: string;
  readonly points: number;
}

/** How much harm a server's tools could do unwatched, from A (little) to F, by data/grade.json. */
export interface Grade {
  readonly grade: string;
  readonly means: string;
  readonly points: number;
  /** Everything that weighed, the heaviest first; empty for a server that nothing speaks against. */
  readonly reasons: readonly GradeReason[];
}

/** The grade of a server whose tools are known and judged; undefined where none is. Pure; same server, same grade. */
export function gradeOf(server: CatalogueServer): Grade | undefined {
  const known = grades.get(server);
  if (known) return known;
  const grade = graded(server);
  if (grade) grades.set(server, grade);
  return grade;
}

// Page, twin, picture and badge of a server all show it.
const grades = new WeakMap<CatalogueServer, Grade>();

function graded(server: CatalogueServer): Grade | undefined {
  const judged = server.tools.filter(({ assessment }) => assessment);
  if (judged.length === 0) return undefined;
  const reasons = [...risks(server), ...together(server), ...trust(server), ...unknown(server)]
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points);
  const points = reasons.reduce((sum, one) => sum + one.points, 0);
  const { grade, means } = table.grades.find(({ upTo }) => points <= upTo) ?? table.grades.at(-1)!;
  return { grade, means, points, reasons };
}

function risks({ tools }: CatalogueServer): readonly GradeReason[] {
  const counts = RISKS.map((risk) => tools.filter(({ assessment }) => assessment?.verdict.risk === risk).length);
  const judged = counts.reduce((a, b) => a + b, 0);
  const at = counts.findLastIndex((count) => count > 0);
  const worst = RISKS[at] as Risk;
  const grave = counts.slice(RISKS.indexOf(table.grave.from as Risk)).reduce((a, b) => a + b, 0);
  return [
    {
      because: `${tell(counts[at]!, 'tool is', 'tools are')} at ${worst} risk, the highest there is here.`,
      points: table.worst[worst],
    },
    {
      because: `${grave} of ${tell(judged, 'tool is', 'tools are')} at ${table.grave.from} risk or above.`,
      points: Math.round((table.grave.most * grave) / judged),
    },
  ];
}

function together(server: CatalogueServer): readonly GradeReason[] {
  const found = combinationsOf(server);
  const { each, most } = table.combination;
  return [
    {
      because: `Its tools make ${tell(found.length, 'toxic combination', 'toxic combinations')}.`,
      points: Math.min(most, each * found.length),
    },
  ];
}

function trust({ tools }: CatalogueServer): readonly GradeReason[] {
  let addressed = 0;
  let contradicted = 0;
  for (const { definition, assessment } of tools) {
    if (!assessment) continue;
    if (assessment.verdict.facets['addresses-the-model']?.value === true) addressed++;
    if (contradictions(definition, assessment.verdict).some(({ claims }) => claims === 'safer')) contradicted++;
  }
  return [
    {
      because: `${tell(addressed, 'definition holds', 'definitions hold')} text that is addressed to a model or hidden from people.`,
      points: Math.min(table.addressed.most, table.addressed.each * addressed),
    },
    {
      because: `${tell(contradicted, 'tool is', 'tools are')} declared safer than the definition reads.`,
      points: Math.min(table.contradiction.most, table.contradiction.each * contradicted),
    },
  ];
}

function unknown({ tools }: CatalogueServer): readonly GradeReason[] {
  const read = tools.filter(({ provenance }) => provenance === 'static').length;
  const unjudged = tools.filter(({ assessment }) => !assessment).length;
  return [
    {
      because: `${tell(read, 'tool is', 'tools are')} known from source only.`,
      points: read > 0 ? table.unknown.static : 0,
    },
    {
      because: `${tell(unjudged, 'tool has', 'tools have')} not been judged yet.`,
      points: unjudged > 0 ? table.unknown.unassessed : 0,
    },
  ];
}

function tell(count: number, one: string, more: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : more}`;
}
