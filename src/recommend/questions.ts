import { displayName } from '#core/display-name.ts';
import { visibleJson } from '#core/visible.ts';
import type { CatalogueServer, CatalogueTool, Visit } from '#domain/catalogue.ts';
import type { Limit, Policy } from '#domain/policy.ts';
import { effectOf, limitsInWords, ruleOf } from './effect.ts';
import { code, type Prose, prose, said } from './prose.ts';

export interface Question {
  readonly id: string;
  readonly question: Prose;
  readonly answer: Prose;
  /** JSON that the answer shows, where it shows some. */
  readonly example?: string;
}

/** What `explain` has already put into words. */
interface Told {
  readonly does: Prose;
  readonly risk: Prose;
  readonly effect: Prose;
  readonly steps: readonly Prose[];
}

/** The questions people ask of a tool, answered from the same policy that the page shows and in its own keys. */
export function questionsAbout(
  server: CatalogueServer,
  tool: CatalogueTool,
  policy: Policy,
  told: Told,
): readonly Question[] {
  const name = code(tool.definition.name);
  return [
    { id: 'does', question: prose`What does ${name} do?`, answer: told.does },
    {
      id: 'enforce',
      question: prose`How do I enforce a policy on ${name}?`,
      answer: prose`${told.steps[0]!} ${told.steps[1]!} Then: ${told.effect}`,
    },
    { id: 'risk', question: prose`What risk level is ${name}?`, answer: told.risk },
    rateLimit(tool, policy),
    block(tool, policy),
    { id: 'server', question: prose`Which server provides ${name}?`, answer: provider(server, tool) },
  ];
}

function rateLimit(tool: CatalogueTool, policy: Policy): Question {
  const name = code(tool.definition.name);
  const question = prose`Can I rate-limit ${name}?`;
  const id = 'rate-limit';
  const effect = effectOf(policy, tool.definition.name);
  const rule = ruleOf(policy, tool.definition.name);
  const limits = rule?.limits;
  if (effect === 'denied' || effect === 'hidden')
    return { id, question, answer: prose`There is nothing to limit: the policy denies every call to ${name}.` };
  if (limits)
    return {
      id,
      question,
      answer: prose`The policy does: ${limitsInWords(limits)}. Change ${code('max')} or ${code('window')} to suit you:`,
      example: entry('limits', limits),
    };
  const limit: Limit = {
    counter: `${tool.definition.name}_rate`,
    window: 'minute',
    max: rule?.approve ? 5 : 60,
    scope: 'grant',
  };
  return {
    id,
    question,
    answer: prose`Yes. The policy sets no limit; add one to the tool's rule, with a number that suits you:`,
    example: entry('limits', [limit]),
  };
}

function block(tool: CatalogueTool, policy: Policy): Question {
  const name = code(tool.definition.name);
  const question = prose`How do I block ${name}?`;
  const effect = effectOf(policy, tool.definition.name);
  if (effect === 'hidden')
    return { id: 'block', question, answer: prose`The policy does already: ${name} is in ${code('hide')}.` };
  const hide = prose`add its name to ${code('hide')}, and clients do not see it at all:`;
  const example = entry('hide', [...policy.hide, tool.definition.name]);
  if (effect === 'denied')
    return {
      id: 'block',
      question,
      answer: prose`The policy denies it already. To leave it out of the list too, ${hide}`,
      example,
    };
  return {
    id: 'block',
    question,
    answer: prose`Take its entry out of ${code('tools')}: what the policy does not name is denied. Or ${hide}`,
    example,
  };
}

/** The visit that the tool is known from; undefined where that was an earlier one, of which only the date is kept. */
export function visitOf(server: CatalogueServer, tool: CatalogueTool): Visit | undefined {
  return tool.provenance === 'static' || server.visit?.outcome === 'listed' ? server.visit : undefined;
}

function provider(server: CatalogueServer, tool: CatalogueTool): Prose {
  const artefact = visitOf(server, tool)?.artefact;
  const from = artefact ? prose`, from ${code(`${artefact.name}@${artefact.version}`)}` : prose``;
  const how = {
    listed: prose`The server listed it itself`,
    hook: prose`The server's own handler told of it, called in its process; the server did not come to answer`,
    static: prose`It was read from the package's source; no running server has listed it`,
  }[tool.provenance];
  return prose`${said(displayName(server))}${from}. ${how}, last seen on ${tool.lastSeen.toISOString().slice(0, 10)}.`;
}

function entry(key: string, value: unknown): string {
  return visibleJson({ [key]: value });
}
