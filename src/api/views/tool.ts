import type { z } from '@hono/zod-openapi';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import type { FoundTool } from '#domain/search.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Assessment } from '#domain/verdict.ts';
import { accountOf } from '#recommend/account.ts';
import { attacksOf } from '#recommend/attacks/attacks.ts';
import { effectOf, ruleOf } from '#recommend/effect.ts';
import { explain } from '#recommend/explain.ts';
import { plain } from '#recommend/prose.ts';
import { inOtherWords } from '#recommend/vocabularies.ts';
import type { FoundToolList, Tool, ToolSummary } from '../schemas/tool.ts';
import { copyOf } from './copy.ts';

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

/** A tool as lists across servers show it. */
export function foundToolView(found: FoundTool): z.input<typeof FoundToolList>['tools'][number] {
  const { server, firstSeen, verdict, ...rest } = found;
  return {
    ...rest,
    server: { id: server.id, slug: server.slug },
    firstSeen: firstSeen.toISOString(),
    ...(verdict && { verdict: { ...verdict } }),
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
    attacks: attacksOf(tool, server).map(({ attack: { id, title }, because }) => ({
      ...{ id, title },
      because: plain(because),
    })),
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

function accountView(definition: ToolDefinition, { verdict, model }: Assessment) {
  const { rationale, misuse, by } = accountOf(definition, verdict, model);
  return { rationale: plain(rationale), misuse: plain(misuse), ...(by !== undefined && { by }) };
}

function history({ fingerprint, provenance, firstSeen, lastSeen }: CatalogueTool) {
  return { fingerprint, provenance, firstSeen: firstSeen.toISOString(), lastSeen: lastSeen.toISOString() };
}
