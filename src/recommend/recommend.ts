import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Approval, Policy, Profile, Rule } from '#domain/policy.ts';
import type { Category, Verdict } from '#domain/verdict.ts';
import table from '../../data/recommend.json' with { type: 'json' };
import { argumentRules, takesAddress } from './arguments.ts';
import { lastLegs } from './combinations.ts';
import { ruleOf } from './effect.ts';
import { completing, type Measure, measureOf } from './measures.ts';
import { excerpt, placeOf, type Reason, reasonsOf, sentence } from './reasons.ts';
import type { Wishes } from './wishes.ts';

const APPROVAL = table.approval as Approval;

/**
 * One server's whole policy: every tool it has by exact name, default deny, each rule with its reasons.
 * Same server, same policy, to the byte. Where tools that may be called at all make a toxic combination, its last leg is
 * held tighter than the tool alone would be. A tool that has no assessment, or whose name the server uses twice for
 * different definitions, is denied and says so, whatever is wished for. `beside`: what its tools complete together with
 * those of other servers, in sentences by name.
 */
export function recommend(
  server: CatalogueServer,
  profile: Profile,
  wishes: Wishes = {},
  beside: ReadonlyMap<string, readonly string[]> = new Map(),
): Policy {
  const first = new Map<string, CatalogueTool>();
  const doubled = new Set<string>();
  for (const tool of server.tools.toSorted(byNameAndProvenance)) {
    const { name } = tool.definition;
    const earlier = first.get(name);
    if (!earlier) first.set(name, tool);
    else if (earlier.fingerprint !== tool.fingerprint && tool.provenance !== 'static') doubled.add(name);
  }
  const isHidden = ({ assessment }: CatalogueTool) =>
    assessment !== undefined && wishes.hide?.includes(assessment.verdict.category) === true;
  const usable = new Set(
    [...first.values()].filter(
      (tool) => !doubled.has(tool.definition.name) && !isHidden(tool) && mayBeCalled(tool, profile, wishes),
    ),
  );
  const completed = lazily(() =>
    lastLegs(Array.from(usable, ({ definition: { name }, assessment }) => ({ name, verdict: assessment!.verdict }))),
  );
  const ruleOn = (tool: CatalogueTool): Rule => {
    const { name } = tool.definition;
    if (doubled.has(name)) return twice(tool);
    if (isHidden(tool)) return hidden(tool, tool.assessment!.verdict.category);
    if (!usable.has(tool)) return ruleFor(tool, profile, wishes);
    const sentences = [completed(), beside].flatMap((all) => all.get(name) ?? []);
    // What only reads carries nothing out but by an address that its caller names.
    const completes = tool.assessment!.verdict.category !== 'Read' || takesAddress(tool);
    return ruleFor(tool, profile, wishes, completes ? sentences : []);
  };
  // A tool may be called __proto__: only an object without a prototype takes every name as a key.
  const tools: Record<string, Rule> = Object.create(null);
  for (const [name, tool] of first) later(tools, name, () => ruleOn(tool));
  const hide = [...first.values()].filter(isHidden).map(({ definition }) => definition.name);
  return { version: '1', default: 'deny', profile, server: server.slug, hide, tools };
}

/** Makes a value when it is first asked for: a page shows the rule of one among many tools. */
function later(rules: Record<string, Rule>, name: string, make: () => Rule): void {
  const own = { enumerable: true, configurable: true };
  const get = () => {
    const value = make();
    Object.defineProperty(rules, name, { ...own, value, writable: true });
    return value;
  };
  Object.defineProperty(rules, name, { ...own, get });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Whether any call of a tool gets through; what it completes with others makes no difference to that. */
function mayBeCalled(tool: CatalogueTool, profile: Profile, wishes: Wishes): boolean {
  if (!tool.assessment || wishes.deny?.includes(tool.definition.name)) return false;
  // No other profile denies what was judged.
  return profile !== 'read-only' || !ruleFor(tool, profile, wishes).deny;
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

function ruleFor(tool: CatalogueTool, profile: Profile, wishes: Wishes, completes: readonly string[] = []): Rule {
  const { name } = tool.definition;
  const definition = tool.fingerprint;
  if (wishes.deny?.includes(name))
    return { deny: { reason: 'Denied by choice of the operator.' }, why: ['The operator denies it.'], definition };
  if (!tool.assessment)
    return {
      deny: { reason: 'Not assessed yet: what this tool does has not been judged.' },
      why: ['The tool has no assessment, so nothing speaks for allowing it.'],
      definition,
    };
  const own = measureOf(tool, profile);
  const measure = wished(completes.length > 0 ? completing(own, completes, profile) : own, name, wishes);
  const given = why(tool.assessment.verdict);
  const asked = argumentRules(tool, profile, wishes);
  // What the arguments keep from changing anything is let through on those terms, and seen by a person.
  const onTrial = profile === 'read-only' && measure.deny && asked.harmless;
  if (measure.deny && !onTrial)
    return {
      deny: { reason: `Denied: ${measure.because.at(-1)}` },
      why: [...given, ...measure.because],
      definition,
    };
  const { limit } = measure;
  const approve = measure.approve || onTrial ? { ...APPROVAL, ...defined(wishes.approval) } : undefined;
  // What may run freely does so on the strength of what it is; bounds on its arguments are for what is watched anyway,
  // unless they are what makes it harmless.
  const free = !limit && !approve && wishes.arguments === undefined && !asked.harmless;
  return {
    ...(limit && { limits: [{ counter: `${name}_rate`, window: limit.window, max: limit.max, scope: 'grant' }] }),
    ...(approve && { approve }),
    ...(!free && asked.require && { require: asked.require }),
    ...(!free && asked.deny_if && { deny_if: asked.deny_if }),
    why: [...given, ...measure.because, ...(free ? [] : asked.why)],
    definition,
  };
}

/** A measure as the operator wants it for this tool. */
function wished(measure: Measure, name: string, { allow, limits }: Wishes): Measure {
  const limit = limits && Object.hasOwn(limits, name) ? limits[name] : undefined;
  const capped = limit ? { ...measure, limit, because: [...measure.because, 'The operator chose its cap.'] } : measure;
  if (!allow?.includes(name)) return capped;
  const { approve: _, deny: __, ...rest } = capped;
  return { ...rest, because: [...rest.because, 'The operator allows it.'] };
}

function defined(approval: Wishes['approval']): Partial<Approval> {
  return Object.fromEntries(Object.entries(approval ?? {}).filter(([, value]) => value !== undefined));
}

function hidden(tool: CatalogueTool, category: Category): Rule {
  return {
    deny: { reason: `Hidden: ${category} tools are left out by choice.` },
    why: [...why(tool.assessment!.verdict), `Tools of the category ${category} are hidden by choice.`],
    definition: tool.fingerprint,
  };
}

function twice({ fingerprint }: CatalogueTool): Rule {
  return {
    deny: { reason: 'The server lists this name more than once, with different definitions.' },
    why: ['A call by this name cannot be told apart, so no rule can be written for it.'],
    definition: fingerprint,
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
