import Table from 'cli-table3';
import { asStarted } from '#core/started.ts';
import { visibleLine } from '#core/visible.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { NO_SANDBOX } from '#pipeline/enumerate.ts';
import type { Heard, Summary } from '#pipeline/summary.ts';

const FAILURES_SHOWN = 15;

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const made = new Table({ head: [...head], style: { head: [], border: [] } });
  for (const row of rows) made.push(row.map(String));
  return made.toString();
}

/** A run's summary for a person: what was seen, what was found, what failed and why, and what to run next. */
export function summaryText(summary: Summary): string {
  const { servers, tools, outcomes, sources, broken, pages } = summary;
  const parts: string[] = [];
  const reached = sources.filter((one) => one.error === null);
  if (reached.length > 0)
    parts.push(
      table(
        ['Source', 'Sightings', 'New', 'Changed', 'Dropped'],
        reached.map((one) => [one.source, one.sightings, one.new, one.changed, one.dropped]),
      ),
    );
  const missing = sources.filter((one) => one.error !== null && one.sightings === 0).map((one) => one.source);
  for (const { source, sightings, error } of sources)
    if (error !== null && sightings > 0)
      parts.push(`Not whole: ${source} gave ${sightings} sightings, which hold, then: ${visibleLine(error)}.`);
  if (missing.length > 0) parts.push(`Not reached, and left for the next run: ${missing.join(', ')}.`);
  parts.push(
    table(
      ['Servers seen', 'Listed', 'Want credentials', 'Failed', 'Unchanged'],
      [[servers.seen, servers.listed, servers.wantsCredentials, servers.failed, servers.unchanged]],
    ),
    table(['Tools', ...CATEGORIES], [[tools.total, ...CATEGORIES.map((word) => tools.byCategory[word])]]),
    table(['Risk', ...RISKS], [['', ...RISKS.map((word) => tools.byRisk[word])]]),
  );
  const missed = outcomes.filter((one) => one.outcome !== 'listed' && one.outcome !== 'unchanged');
  if (missed.length > 0) {
    parts.push(
      table(
        ['Not listed', 'Outcome', 'Phase', 'Why'],
        missed
          .slice(0, FAILURES_SHOWN)
          .map((one) => [
            visibleLine(one.server),
            one.static ? `${one.outcome}, ${one.static} static` : one.outcome,
            one.phase ?? '',
            visibleLine(one.reason ?? '').slice(0, 60),
          ]),
      ),
    );
    if (missed.length > FAILURES_SHOWN) parts.push(`… and ${missed.length - FAILURES_SHOWN} more; --json names all.`);
  }
  for (const { stage, subject, error } of broken)
    parts.push(
      `Given up: ${stage} ${visibleLine(subject)}: ${visibleLine(error).slice(0, 200)}. The log in PLIMSOLL_HOME says more.`,
    );
  if (tools.static > 0)
    parts.push(
      `${tools.static} of the tools are static: read from a package's source, never listed by a running server.`,
    );
  if (summary.judge) parts.push(judgeText(summary.judge));
  if (summary.sandbox === 'none' && outcomes.length > 0) parts.push(NO_SANDBOX);
  const written =
    pages && pages.written + pages.unchanged > 0
      ? `, ${pages.written} pages written (${pages.unchanged} unchanged)`
      : '';
  parts.push(`${summary.seconds.toFixed(1)} s in the sandbox '${summary.sandbox}'${written}.`);
  parts.push(
    [
      'Next:',
      `  ${asStarted('npm run serve').padEnd(38)} pages and API on http://localhost:4400`,
      `  ${asStarted('npm run plimsoll -- export ')}${visibleLine(outcomes.find((one) => one.outcome === 'listed' || one.outcome === 'unchanged')?.server ?? '<server>')}`,
      `  ${asStarted('npm run plimsoll -- doctor').padEnd(38)} what this machine could do better`,
    ].join('\n'),
  );
  return `${parts.join('\n')}\n`;
}

/** What the judge did, in a sentence or two. */
export function judgeText({ model, tools, postponed, requests, tokens, dollars, faults }: Heard): string {
  const cost = `${requests} requests, ${tokens.toLocaleString('en')} tokens${dollars === null ? '' : `, $${dollars.toFixed(2)}`}`;
  const wrong = Object.entries(faults).map(
    ([fault, times]) => `${visibleLine(fault)}${times > 1 ? ` (${times} times)` : ''}`,
  );
  const left = postponed > 0 ? ` ${postponed} servers keep the rules' verdicts until the next run.` : '';
  return `Judge ${visibleLine(model)}: ${tools} tools; ${cost}.${wrong.length > 0 ? ` What went wrong: ${wrong.join('; ')}.` : ''}${left}`;
}
