import {
  accessOf,
  CATEGORIES,
  type Evidence,
  type Facet,
  type Judgement,
  type Opinion,
  RISKS,
  type Risk,
  STARTING_RISK,
  type Verdict,
} from '#domain/verdict.ts';
import { decideRisk } from '../decide.ts';
import { taxonomy } from '../taxonomy.ts';

/** Below this confidence the rules' evidence is weak; chosen, not measured: the method page shows how often each is right. */
const WEAK = 0.75;
/** What is left of the rules' confidence where a judge changed their category: nothing measured says who is right. */
const CONTESTED = 0.5;

/** Whether the rules are so unsure of their category that a judge with a quote may take it down. */
export function isWeak(floor: Verdict): boolean {
  return floor.confidence < WEAK;
}

/** Whether the definition speaks to a model: then a model's milder reading of it proves nothing. */
export function speaksToModel({ facets }: Verdict): boolean {
  return facets['addresses-the-model']?.value === true;
}

/**
 * Joins the rules' verdict and a judge's opinion. The judge may raise category and risk; it may lower them only where
 * the rules are weak, its quote stands in the definition, and nothing on the server speaks to a model (`steered`).
 * What it may not do is kept beside the verdict as dissent.
 */
export function merge(floor: Verdict, opinion: Opinion, steered: boolean): Verdict {
  const mayLower = isWeak(floor) && !steered && !speaksToModel(floor);
  const said = opinion.category;
  const step = said === undefined ? 0 : CATEGORIES.indexOf(said) - CATEGORIES.indexOf(floor.category);
  const takes = said !== undefined && (step >= 0 || mayLower);
  const category = takes ? said : floor.category;
  const risk = takes ? riskOf(floor, opinion, step, mayLower) : floor.risk;
  const heard = opinion.evidence.filter(({ says }) => takes && (says === category || movesTo(risk, category, says)));
  return {
    ...floor,
    category,
    access: accessOf(category),
    risk,
    confidence: takes && step !== 0 ? Math.min(floor.confidence, CONTESTED) : floor.confidence,
    evidence: [...floor.evidence, ...heard],
    facets: joined(floor.facets, opinion.facets),
    judge: {
      ...opinion,
      outcome: outcome(floor, opinion, step, risk, takes),
      floor: { category: floor.category, risk: floor.risk },
    },
  };
}

/** Whether a judge's reason to raise or to lower says what happened to the risk. */
function movesTo(risk: Risk, category: Verdict['category'], says: Evidence['says']): boolean {
  const moved = RISKS.indexOf(risk) - RISKS.indexOf(STARTING_RISK[category]);
  return (says === 'raises' && moved > 0) || (says === 'lowers' && moved < 0);
}

const graver = (one: Risk, other: Risk): Risk => RISKS[Math.max(RISKS.indexOf(one), RISKS.indexOf(other))]!;

/**
 * The risk of the category that stands, never below the rules' unless the judge may lower. Its own level is bound to two
 * steps from where the category starts.
 */
function riskOf(floor: Verdict, { category, risk }: Opinion, step: number, mayLower: boolean): Risk {
  const start = RISKS.indexOf(STARTING_RISK[category!]);
  const own = step === 0 ? floor.risk : decideRisk(category!, floor.evidence);
  const wanted = risk && RISKS[Math.max(start - 2, Math.min(start + 2, RISKS.indexOf(risk)))];
  return mayLower && step <= 0 ? (wanted ?? own) : graver(floor.risk, wanted ?? own);
}

function outcome(floor: Verdict, opinion: Opinion, step: number, risk: Risk, takes: boolean): Judgement['outcome'] {
  if (opinion.category === undefined) return 'unproven';
  if (!takes) return 'dissents';
  const moved = RISKS.indexOf(risk) - RISKS.indexOf(floor.risk);
  if (step > 0 || (step === 0 && moved > 0)) return 'raised';
  if (step < 0 || moved < 0) return 'lowered';
  return opinion.risk === undefined || opinion.risk === risk ? 'agrees' : 'dissents';
}

/** Facets of both; where they differ, the graver value stands with the evidence for it. */
function joined(floor: Verdict['facets'], judge: Verdict['facets']): Verdict['facets'] {
  const facets: Record<string, Facet> = { ...floor };
  for (const [name, facet] of Object.entries(judge)) {
    const known = Object.hasOwn(facets, name) ? facets[name] : undefined;
    const rank = ({ value }: Facet) => taxonomy.facets[name]?.values.indexOf(String(value)) ?? -1;
    if (!known || rank(facet) > rank(known)) facets[name] = facet;
    else if (rank(facet) === rank(known))
      facets[name] = { value: known.value, evidence: [...known.evidence, ...facet.evidence] };
  }
  return facets;
}
