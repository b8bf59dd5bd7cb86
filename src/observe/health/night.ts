import type { RunStatus } from '#domain/lists.ts';
import { DAY, type Finding, HOUR, lasting, well, wrong } from './finding.ts';

/** A night that takes longer has lost its process, or never ends. */
const LONGEST = DAY;
/** A crawl that is run every night is late after this. */
const OVERDUE = 36 * HOUR;

const CRAWL = 'npm run crawl -- --limit 0';

/** What the last nights tell, newest first: that one came to its end, and what it lacked. */
export function nightFindings(nights: readonly RunStatus[], now: Date): readonly Finding[] {
  const [last] = nights;
  if (!last) return [well('last night', 'none was run yet')];
  const ended = nights.find((one) => one.finishedAt);
  return [lastNight(last, ended, now), ...(ended ? [judge(ended), site(nights, ended)] : [])];
}

function lastNight(last: RunStatus, ended: RunStatus | undefined, now: Date): Finding {
  const age = now.getTime() - last.startedAt.getTime();
  if (!last.finishedAt)
    return age < LONGEST
      ? well('last night', `began ${lasting(age)} ago and has not ended: it runs, or was cut off`)
      : wrong('last night', 'began and never ended: its process is gone', {
          since: last.startedAt,
          advice: 'The next run goes on where it was.',
          command: CRAWL,
        });
  const late = now.getTime() - last.finishedAt.getTime();
  if (late > OVERDUE)
    return wrong('last night', `ended ${lasting(late)} ago, and none has begun since`, {
      since: last.finishedAt,
      advice: 'Whatever starts it every night (cron, a timer, PLIMSOLL_NIGHTLY) does not.',
      command: CRAWL,
    });
  const { broken, sources } = (ended?.summary ?? {}) as {
    readonly broken?: readonly unknown[];
    readonly sources?: readonly { readonly error?: string | null }[];
  };
  if (sources && sources.length > 0 && sources.every(({ error }) => error))
    return wrong('last night', 'reached no source', {
      since: last.startedAt,
      advice: 'The network of this machine, or its way out, is most likely down.',
      command: 'npm run plimsoll -- discover',
    });
  if (broken && broken.length > 0)
    return wrong('last night', `gave up ${broken.length} jobs`, {
      since: last.startedAt,
      command: 'npm run plimsoll -- dead list',
    });
  return well('last night', `ended ${lasting(late)} ago`);
}

function judge({ summary, startedAt }: RunStatus): Finding {
  const said = summary?.judge as
    | { readonly postponed?: number; readonly faults?: Readonly<Record<string, number>> }
    | null
    | undefined;
  if (!said) return well('language model', 'none judged in the last night: the rules did');
  const faults = Object.entries(said.faults ?? {});
  const [first] = faults;
  if (!first && !said.postponed) return well('language model', 'answered all that it was asked');
  return wrong(
    'language model',
    first ? `failed: ${first[0]} (${first[1]} times)` : `its budget did not cover ${said.postponed} servers`,
    {
      since: startedAt,
      advice:
        'The rules’ verdicts stand; what waits is asked in the next run. PLIMSOLL_LLM_TOKENS and PLIMSOLL_LLM_BUDGET bound it.',
      command: 'npm run plimsoll -- classify',
    },
  );
}

/** The site must not be older than the last night that should have written it. */
function site(nights: readonly RunStatus[], ended: RunStatus): Finding {
  if (ended.summary?.pages) return well('site', 'written by the last night');
  const written = nights.find(({ summary }) => summary?.pages);
  return wrong('site', written ? 'not written by the last night that ended' : 'never written', {
    ...(written?.finishedAt && { since: written.finishedAt }),
    command: 'npm run plimsoll -- publish',
  });
}
