import { displayName } from '#core/display-name.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { Policy } from '#domain/policy.ts';
import type { Category, Risk, Verdict } from '#domain/verdict.ts';
import { STARTING_RISK } from '#domain/verdict.ts';
import { effectOf, effectSentence } from './effect.ts';
import { code, type Prose, prose, said } from './prose.ts';
import { type Question, questionsAbout } from './questions.ts';
import { type Reason, reasonsOf } from './reasons.ts';

/** Reasons of one kind, with a heading that fits what they did to the verdict. */
export interface ReasonGroup {
  readonly heading: string;
  readonly reasons: readonly Reason[];
}

/** Everything a page says of a tool in our own words. Made of the server, the verdict and the policy, nothing else. */
export interface Explanation {
  readonly does: Prose;
  readonly risk: Prose;
  readonly reasons: readonly ReasonGroup[];
  /** One sentence on what the policy does to the tool. */
  readonly effect: Prose;
  readonly steps: readonly Prose[];
  readonly questions: readonly Question[];
}

// A tool's page is followed by its Markdown twin, which says the same.
let last: { server: CatalogueServer; tool: CatalogueTool; policy: Policy; told: Explanation } | undefined;

/** Explains one tool of a server under a policy of that server. Deterministic. */
export function explain(server: CatalogueServer, tool: CatalogueTool, policy: Policy): Explanation {
  if (last?.tool !== tool || last.server !== server || last.policy !== policy)
    last = { server, tool, policy, told: explained(server, tool, policy) };
  return last.told;
}

function explained(server: CatalogueServer, tool: CatalogueTool, policy: Policy): Explanation {
  const verdict = tool.assessment?.verdict;
  const does = whatItDoes(server, tool);
  const risk = riskInWords(tool.definition.name, verdict);
  const effect = effectSentence(policy, tool.definition.name);
  const steps = stepsFor(tool, policy);
  return {
    does,
    risk,
    reasons: verdict ? reasonGroups(verdict) : [],
    effect,
    steps,
    questions: questionsAbout(server, tool, policy, { does, risk, effect, steps }),
  };
}

const DOES: Readonly<Record<Category, string>> = {
  Read: 'returns information and leaves nothing behind that outlives the session',
  Write: 'creates or changes data, settings or state in a way that the same system can take back',
  Execute: 'runs something whose effect is decided by the arguments of the call or by what it sets off',
  Destructive: 'takes something away for good, as far as the tools of this server can tell',
  Financial: 'moves, commits or authorises money or something of monetary value',
};

function whatItDoes(server: CatalogueServer, tool: CatalogueTool): Prose {
  const name = code(tool.definition.name);
  const on = said(displayName(server));
  const verdict = tool.assessment?.verdict;
  if (!verdict) return prose`What ${name} does on ${on} has not been judged yet; only its own definition is known.`;
  return prose`On ${on}, an ordinary call of ${name} ${DOES[verdict.category]}, judging by its definition.`;
}

/** How a verdict's risk came about, in words that agree with the badge. */
function riskInWords(tool: string, verdict: Verdict | undefined): Prose {
  const name = code(tool);
  if (!verdict) return prose`${name} has not been assessed, so its risk is unknown.`;
  const { moved, raises, lowers } = reasonsOf(verdict);
  const start = STARTING_RISK[verdict.category];
  const head = prose`${name} is ${verdict.category}, at ${verdict.risk} risk.`;
  if (moved > 0) return prose`${head} ${verdict.category} starts at ${start}; it was raised ${steps(moved)}.`;
  if (moved < 0) return prose`${head} ${verdict.category} starts at ${start}; it was lowered ${steps(-moved)}.`;
  if (raises.length > 0 && lowers.length > 0)
    return prose`${head} That is where ${verdict.category} starts; reasons to raise and to lower it were found, and it stays.`;
  const rest =
    raises.length === 0 && lowers.length === 0
      ? ''
      : start === 'critical' && raises.length > 0
        ? ', and nothing is higher'
        : `; what speaks for a ${raises.length > 0 ? 'higher' : 'lower'} one is too weak to move it`;
  return prose`${head} That is where ${verdict.category} starts${rest}.`;
}

function steps(count: number): string {
  return count === 1 ? 'one step' : `${count} steps`;
}

function reasonGroups(verdict: Verdict): readonly ReasonGroup[] {
  const { category, raises, lowers, dissent, moved } = reasonsOf(verdict);
  const top: Risk = 'critical';
  return [
    { heading: `Why ${verdict.category}`, reasons: category },
    {
      heading:
        moved > 0
          ? 'What raised the risk'
          : verdict.risk === top
            ? 'What else makes it grave'
            : 'What speaks for a higher risk',
      reasons: raises,
    },
    { heading: moved < 0 ? 'What lowered the risk' : 'What speaks for a lower risk', reasons: lowers },
    { heading: 'What spoke for another category', reasons: dissent },
  ].filter((group) => group.reasons.length > 0);
}

function stepsFor(tool: CatalogueTool, policy: Policy): readonly Prose[] {
  const name = code(tool.definition.name);
  const see = {
    allowed: prose`Call ${name} once: it answers. Call a tool that the policy does not name: it is denied.`,
    limited: prose`Call ${name} more often than its cap within the window: the call above the cap is denied.`,
    approved: prose`Call ${name} once: the call waits until a person says yes.`,
    'limited-approved': prose`Call ${name} once: the call waits until a person says yes.`,
    conditional: prose`Call ${name} with arguments that break a condition: the call is denied.`,
    hidden: prose`List the server's tools: ${name} is not among them.`,
    denied: prose`Call ${name} once: the call is denied.`,
  }[effectOf(policy, tool.definition.name)];
  return [
    prose`Take the whole policy of the server, or copy the entry above into the ${code('tools')} of the one you have. By itself it denies every other tool.`,
    prose`Load it in a gateway or proxy that enforces Plimsoll policies, and let clients reach the server through it only.`,
    see,
    prose`Fetch the policy again when the server changes: a rule holds for the definition it was written for, and a changed one is denied until it has been assessed.`,
  ];
}
