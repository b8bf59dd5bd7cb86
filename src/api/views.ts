import type { z } from '@hono/zod-openapi';
import { displayName } from '#core/display-name.ts';
import {
  type AnnotatedTool,
  type CatalogueServer,
  type CatalogueTool,
  egressOf,
  peakMemoryOf,
  type ServerSummary as Summary,
  type Visit,
} from '#domain/catalogue.ts';
import type { Change } from '#domain/change.ts';
import type { LaunchContext } from '#domain/launch.ts';
import type { Policy } from '#domain/policy.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { type Assessment, RISKS } from '#domain/verdict.ts';
import { contradicted } from '#publish/contradictions.ts';
import { accountOf } from '#recommend/account.ts';
import { combinationsOf } from '#recommend/combinations.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import { explain } from '#recommend/explain.ts';
import { plain } from '#recommend/prose.ts';
import { inOtherWords } from '#recommend/vocabularies.ts';
import type { Server, ServerSummary, Tool, ToolSummary } from './schemas.ts';

/** A server as the API lists it. */
export function summaryView(summary: Summary): z.input<typeof ServerSummary> {
  return {
    ...summary,
    displayName: displayName(summary),
    outcome: summary.outcome ?? 'unvisited',
    lastSeen: summary.lastSeen.toISOString(),
  };
}

/** A server with everything but its tools. */
export function serverView(server: CatalogueServer): z.input<typeof Server> {
  const { tools, visit, listedAt, firstSeen, lastSeen, packages, remotes, sources, related, ...rest } = server;
  const highest = Math.max(-1, ...tools.map(({ assessment }) => RISKS.indexOf(assessment?.verdict.risk as never)));
  const risk = RISKS[highest];
  return {
    ...rest,
    displayName: displayName(server),
    outcome: visit?.outcome ?? 'unvisited',
    toolCount: tools.length,
    ...(risk && { risk }),
    combinations: combinationsOf(server).map(({ id, title, why, legs }) => ({
      id,
      title,
      why,
      legs: legs.map((leg) => ({ id: leg.id, title: leg.title, tools: leg.tools.map(({ name }) => name) })),
    })),
    packages: packages.map(({ purl, version }) => ({ purl, ...(version !== undefined && { version }) })),
    remotes: [...remotes],
    sources: [...sources],
    ...(related && related.length > 0 && { related: [...related] }),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    ...(listedAt && { listedAt: listedAt.toISOString() }),
    ...(visit && { visit: visitView(visit) }),
  };
}

function visitView(visit: Visit): NonNullable<z.input<typeof Server>['visit']> {
  const { at, wants, rejections, context, attempts, prompts, resources, gates, authorization, ...rest } = visit;
  const peakMemory = peakMemoryOf(visit);
  return {
    ...rest,
    at: at.toISOString(),
    wants: [...wants],
    rejections: [...rejections],
    ...(prompts && { prompts: [...prompts] }),
    ...(resources && { resources: [...resources] }),
    ...(gates && { gates: gates.map((gate) => ({ ...gate, env: [...gate.env], args: [...gate.args] })) }),
    ...(authorization && {
      authorization: { servers: [...authorization.servers], scopes: [...authorization.scopes] },
    }),
    egress: [...egressOf(visit)],
    ...(peakMemory !== undefined && { peakMemory }),
    attempts: attempts.map(({ context: started, rung, outcome, phase, reason, toolCount, ms }) => ({
      rung,
      outcome,
      ...(phase && { phase }),
      ...(reason !== undefined && { reason }),
      envNames: [...started.envNames],
      args: [...started.args],
      ...(toolCount !== undefined && { toolCount }),
      ms,
    })),
    ...(context && { context: contextView(context) }),
  };
}

function contextView({ unheld, aids, ...context }: LaunchContext) {
  const lists = { args: [...context.args], envNames: [...context.envNames] };
  return { ...context, ...lists, ...(unheld && { unheld: [...unheld] }), ...(aids && { aids: [...aids] }) };
}

/** A tool as the API lists it. */
export function toolSummaryView(tool: CatalogueTool, policy: Policy): z.input<typeof ToolSummary> {
  const { name, title, description } = tool.definition;
  const verdict = tool.assessment?.verdict;
  return {
    name,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...history(tool),
    ...(verdict && {
      verdict: {
        category: verdict.category,
        access: verdict.access,
        risk: verdict.risk,
        confidence: verdict.confidence,
      },
    }),
    effect: effectOf(policy, name),
  };
}

/** Everything about one tool: definition, verdict with evidence, rule, and both in words. */
export function toolView(server: CatalogueServer, tool: CatalogueTool, policy: Policy): z.input<typeof Tool> {
  const { name } = tool.definition;
  const { does, risk, effect, steps, questions } = explain(server, tool, policy);
  const rule = ruleOf(policy, name);
  return {
    server: { id: server.id, slug: server.slug },
    name,
    definition: { ...tool.definition },
    ...history(tool),
    ...(tool.assessment && {
      assessment: {
        verdict: copyOf(tool.assessment.verdict),
        assessedAt: tool.assessment.assessedAt.toISOString(),
        rules: tool.assessment.rules,
        model: tool.assessment.model,
        account: accountView(tool.definition, tool.assessment),
        otherWords: copyOf(inOtherWords(tool.assessment.verdict)),
      },
    }),
    ...(rule && { rule: { ...rule } }),
    explanation: {
      does: plain(does),
      risk: plain(risk),
      effect: plain(effect),
      steps: steps.map(plain),
      questions: questions.map(({ question, answer, ...rest }) => ({
        ...rest,
        question: plain(question),
        answer: plain(answer),
      })),
    },
  };
}

type Mutable<T> = T extends readonly (infer One)[]
  ? Mutable<One>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** A copy that the schema's own types take: theirs are not readonly. */
function copyOf<T>(value: T): Mutable<T> {
  return structuredClone(value) as Mutable<T>;
}

function accountView(definition: ToolDefinition, { verdict, model }: Assessment) {
  const { rationale, misuse, by } = accountOf(definition, verdict, model);
  return { rationale: plain(rationale), misuse: plain(misuse), ...(by !== undefined && { by }) };
}

function history({ fingerprint, provenance, firstSeen, lastSeen }: CatalogueTool) {
  return { fingerprint, provenance, firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() };
}

/** A page of changes, definitions as they were said. */
export function changesView(page: { readonly changes: readonly Change[]; readonly next?: number }) {
  return {
    changes: page.changes.map(({ at, before, after, ...rest }) => ({
      ...rest,
      at: at.toISOString(),
      ...(before && { before: { ...before } }),
      ...(after && { after: { ...after } }),
    })),
    ...(page.next !== undefined && { next: page.next }),
  };
}

/** Contradicted annotations, one entry a hint. */
export function contradictionsView(tools: readonly AnnotatedTool[]) {
  return contradicted(tools).map(({ server: { id, slug }, contradiction }) => ({
    server: { id, slug },
    ...copyOf(contradiction),
  }));
}
