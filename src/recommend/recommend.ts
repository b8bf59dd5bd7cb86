import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Approval, Policy, Profile, Rule } from '#domain/policy.ts';
import type { Category, Risk, Verdict } from '#domain/verdict.ts';
import table from '../../data/recommend.json' with { type: 'json' };
import { ruleOf } from './effect.ts';
import { excerpt, placeOf, type Reason, reasonsOf, sentence } from './reasons.ts';

interface Measure {
  readonly limit?: { readonly max: number; readonly window: 'minute' | 'hour' | 'day' };
  readonly approve?: true;
  readonly because: string;
}

// JSON modules lose literal types; data/schemas/recommend.json is held against the file in the tests.
const MEASURES = table.measures as Readonly<Record<Category, Readonly<Record<Risk, Measure>>>>;
const APPROVAL = table.approval as Approval;

export interface RecommendOptions {
  /** Tools of these categories are hidden and denied instead of waiting for a person. */
  readonly hide?: readonly Category[];
}

/**
 * One server's whole policy: every tool it has by exact name, default deny, each rule with its reasons.
 * Same server, same policy, to the byte. A tool that has no assessment, or whose name the server uses twice for
 * different definitions, is denied and says so.
 */
export function recommend(server: CatalogueServer, profile: Profile, options: RecommendOptions = {}): Policy {
  // A tool may be called __proto__: only an object without a prototype takes every name as a key.
  const tools: Record<string, Rule> = Object.create(null);
  const hide = new Set<string>();
  for (const tool of server.tools.toSorted(byNameAndProvenance)) {
    const { name } = tool.definition;
    const earlier = tools[name];
    if (earlier) {
      if (earlier.definition !== tool.fingerprint && tool.provenance !== 'static') tools[name] = twice(earlier);
      continue;
    }
    const category = tool.assessment?.verdict.category;
    if (category && options.hide?.includes(category)) {
      hide.add(name);
      tools[name] = hidden(tool, category);
    } else tools[name] = ruleFor(tool);
  }
  return { version: '1', default: 'deny', profile, server: server.slug, hide: [...hide], tools };
}

/** The policy with the rules of some tools only; what it leaves out is denied by default. */
export function narrow(policy: Policy, names: readonly string[]): Policy {
  const tools: Record<string, Rule> = Object.create(null);
  for (const name of names) {
    const rule = ruleOf(policy, name);
    if (rule) tools[name] = rule;
  }
  return { ...policy, hide: policy.hide.filter((name) => names.includes(name)), tools };
}

/** What a server lists comes before what was read from its source, so that the listed definition wins a name. */
function byNameAndProvenance(a: CatalogueTool, b: CatalogueTool): number {
  const [left, right] = [a.definition.name, b.definition.name];
  if (left !== right) return left < right ? -1 : 1;
  return Number(a.provenance === 'static') - Number(b.provenance === 'static');
}

function ruleFor(tool: CatalogueTool): Rule {
  const definition = tool.fingerprint;
  if (!tool.assessment)
    return {
      deny: { reason: 'Not assessed yet: what this tool does has not been judged.' },
      why: ['The tool has no assessment, so nothing speaks for allowing it.'],
      definition,
    };
  const { verdict } = tool.assessment;
  const { limit, approve, because } = MEASURES[verdict.category][verdict.risk];
  return {
    ...(limit && {
      limits: [{ counter: `${tool.definition.name}_rate`, window: limit.window, max: limit.max, scope: 'grant' }],
    }),
    ...(approve && { approve: APPROVAL }),
    why: [...why(verdict), because],
    definition,
  };
}

function hidden(tool: CatalogueTool, category: Category): Rule {
  return {
    deny: { reason: `Hidden: ${category} tools are left out by choice.` },
    why: [...why(tool.assessment!.verdict), `Tools of the category ${category} are hidden by choice.`],
    definition: tool.fingerprint,
  };
}

function twice(earlier: Rule): Rule {
  return {
    deny: { reason: 'The server lists this name more than once, with different definitions.' },
    why: ['A call by this name cannot be told apart, so no rule can be written for it.'],
    definition: earlier.definition,
  };
}

function why(verdict: Verdict): string[] {
  const { category, raises, lowers, moved } = reasonsOf(verdict);
  const moves = moved > 0 ? raises : moved < 0 ? lowers : [];
  return [
    `${verdict.category}, ${verdict.risk} risk.`,
    ...category.slice(0, 2).map(cite),
    ...moves.slice(0, 3).map((one) => `${moved > 0 ? 'Raised' : 'Lowered'}: ${cite(one)}`),
  ];
}

function cite({ because, quotes }: Reason): string {
  const places = quotes.slice(0, 3).map((quote) => `${placeOf(quote)}: “${excerpt(quote.text)}”`);
  return `${sentence(because)} (${places.join('; ')})`;
}
