import type OpenAI from 'openai';
import { type Budget, openBudget, spentInWords } from '#classify/judge/budget.ts';
import { type Judge, judgeBy } from '#classify/judge/judge.ts';
import { liveAsk, openClient, type Service } from '#classify/judge/network.ts';
import type { Settings } from '#config.ts';
import { Missing, WrongUse } from '#core/errors.ts';
import type { Heard } from './summary.ts';

/** Who judges beside the rules in a run: a judge, or nobody and why. */
export interface Bench {
  readonly judge: Judge | undefined;
  /** Said at the start of a run where nobody judges, to whoever runs it. */
  readonly absent?: string | undefined;
  /** The running total for the progress line. */
  note(): string;
  /** What was spent, for the summary. */
  spent(): Pick<Heard, 'requests' | 'tokens' | 'dollars'>;
  /** Takes in what others have spent of the same budget. */
  elsewhere?(spent: { readonly tokens: number; readonly dollars: number }): void;
  /** Tells others what was spent here, and learns what was spent there; after each server. */
  share?(): Promise<void>;
}

/** Nobody judges beside the rules. */
export function noBench(absent?: string): Bench {
  return { judge: undefined, absent, note: () => '', spent: () => ({ requests: 0, tokens: 0, dollars: null }) };
}

/** A bench with a judge on it that spends from a budget. */
export function benchOf(judge: Judge, budget: Budget): Bench {
  return {
    judge,
    note: () => spentInWords(budget),
    elsewhere: (spent) => budget.elsewhere(spent),
    spent: () => {
      const { requests, tokens, dollars } = budget.spent();
      return { requests, tokens, dollars: dollars === undefined ? null : Math.round(dollars * 1e6) / 1e6 };
    },
  };
}

/** The budget of one run. Throws `WrongUse` for one in money whose price nobody knows. */
export function runBudget({ llmTokens, llmBudget, llmPrice }: Settings): Budget {
  if (llmBudget !== undefined && !llmPrice)
    throw new WrongUse(
      'PLIMSOLL_LLM_BUDGET needs PLIMSOLL_LLM_PRICE, dollars per million tokens in and out as 0.40/1.60.',
    );
  return openBudget({ tokens: llmTokens, dollars: llmBudget, price: llmPrice });
}

/** The service that the settings name. Throws `Missing` where there is no key. */
export function clientOf(settings: Settings, limits: Omit<Service, 'key' | 'url'> = {}): OpenAI {
  return openClient(serviceOf(settings, limits));
}

function serviceOf({ llmKey, llmUrl }: Settings, limits: Omit<Service, 'key' | 'url'>): Service {
  if (llmKey === undefined) throw new Missing('No language model can be asked: set PLIMSOLL_LLM_KEY.');
  return { key: llmKey, url: llmUrl, ...limits };
}

/** The judge that the settings name, asked live; nobody where there is no key, or `--no-llm` says so. */
export function liveBench(settings: Settings, wanted: boolean, limits: Omit<Service, 'key' | 'url'> = {}): Bench {
  if (!wanted) return noBench();
  if (settings.llmKey === undefined)
    return noBench(
      'No language model judges beside the rules (PLIMSOLL_LLM_KEY is not set): the verdicts are the rules’ own.',
    );
  const budget = runBudget(settings);
  const service = serviceOf(settings, limits);
  return benchOf(judgeBy(liveAsk(openClient(service), service, budget), settings.llmModel), budget);
}
