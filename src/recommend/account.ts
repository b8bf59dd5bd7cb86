import type { ToolDefinition } from '#domain/tool.ts';
import type { Category, Facet, Verdict } from '#domain/verdict.ts';
import { code, type Prose, prose, said } from './prose.ts';

/** Why a verdict is what it is and how the tool could be misused, in one to three sentences each. */
export interface Account {
  readonly rationale: Prose;
  readonly misuse: Prose;
  /** The model whose words these are; absent where they are built from the evidence. */
  readonly by?: string;
}

/**
 * The account of a tool. A judge's words are taken only where its category and risk are the ones that stand and the
 * definition holds no words addressed to a model; else it is built from facets and evidence.
 */
export function accountOf(tool: ToolDefinition, verdict: Verdict, model: string): Account {
  const { judge } = verdict;
  const stands =
    judge &&
    judge.category === verdict.category &&
    (judge.risk ?? verdict.risk) === verdict.risk &&
    !holds(verdict, 'addresses-the-model') &&
    judge.rationale !== '' &&
    judge.misuse !== '';
  if (stands) return { rationale: [said(judge.rationale)], misuse: [said(judge.misuse)], by: model };
  return { rationale: rationale(tool, verdict), misuse: misuse(tool, verdict) };
}

function holds({ facets }: Verdict, facet: string): boolean {
  return Object.hasOwn(facets, facet) && facets[facet]!.value === true;
}

/** What facets say, in words that follow "it". In order of how much a reader should know it. */
const SHOWS: readonly (readonly [facet: string, value: Facet['value'], words: string])[] = [
  ['runs-code', true, 'runs code or commands that the caller decides'],
  ['moves-money', true, 'moves money'],
  ['handles-secrets', true, 'deals with credentials'],
  ['touches-permissions', true, 'changes permissions or security settings'],
  ['reads-private-data', true, 'returns private data'],
  ['sends-out', true, 'sends data outside'],
  ['reads-untrusted-content', true, 'returns what strangers wrote'],
  ['bulk', true, 'acts on many things at once'],
  ['reversible', 'no', 'cannot be taken back'],
];

function rationale({ name }: ToolDefinition, verdict: Verdict): Prose {
  const strongest = verdict.evidence
    .filter(({ says }) => says === verdict.category)
    .reduce<Verdict['evidence'][number] | undefined>(
      (best, one) => (!best || one.weight > best.weight ? one : best),
      undefined,
    );
  const shows = SHOWS.filter(
    ([facet, value]) => Object.hasOwn(verdict.facets, facet) && verdict.facets[facet]!.value === value,
  );
  const words = strongest
    ? prose`The strongest evidence for ${verdict.category} are the words ${said(`“${strongest.quote.text.slice(0, 80).toWellFormed()}”`)} of ${code(name)}.`
    : prose`${code(name)} is judged ${verdict.category}.`;
  if (shows.length === 0) return words;
  return prose`${words} Its definition also shows that it ${list(shows.slice(0, 3).map(([, , text]) => text))}.`;
}

const MISUSE: Readonly<Record<Category, string>> = {
  Read: 'have it fetch more than the task needs, and carry what it returns into other tools',
  Write: 'have it change the wrong thing, or write what somebody else put into its mouth',
  Execute: 'have it set off something whose effect goes beyond the task',
  Destructive: 'have it take away the wrong thing, with nothing among these tools to bring it back',
  Financial: 'have it pay, order or sign what nobody wanted',
};

const WORSE: readonly (readonly [facet: string, sentence: string])[] = [
  ['runs-code', 'What it is given runs, so text that reached the agent can become a command.'],
  ['handles-secrets', 'What it deals with opens other doors, so a leak reaches further than this server.'],
  ['touches-permissions', 'A changed permission stays when the conversation is over.'],
  ['sends-out', 'What it sends cannot be called back.'],
  ['reads-untrusted-content', 'What it returns was written by strangers and may be meant for the agent.'],
  ['reads-private-data', 'What it returns is private, and other tools may carry it outside.'],
  ['bulk', 'One call reaches many things at once.'],
];

function misuse(tool: ToolDefinition, verdict: Verdict): Prose {
  const worse = WORSE.filter(([facet]) => holds(verdict, facet)).slice(0, 2);
  return prose`An agent that is misled or mistaken could call ${code(tool.name)} and ${MISUSE[verdict.category]}.${worse.map(([, text]) => ` ${text}`).join('')}`;
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
