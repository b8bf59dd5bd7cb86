import { visible, visibleLine } from '#core/visible.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { countsInWords, type Report } from './report.ts';
import { highest, outcome } from './text.ts';

const FINDINGS_SHOWN = 100;
const DIFFS_SHOWN = 20;
const DIFF_SHOWN = 20_000;

/** A scan as Markdown for a pull request. What strangers wrote stands in it as text that nothing reads as markup. */
export function scanMarkdown({ scan, findings, drifts }: Report): string {
  const parts = ['# Plimsoll scan', `Findings: ${countsInWords(findings)}.`, ...scan.warnings.map(plain)];
  for (const { title, servers } of scan.clients)
    parts.push(
      `## ${plain(title)}`,
      table(
        ['Server', 'Runs', 'Tools', ...CATEGORIES, 'Risk', 'Outcome'],
        servers.map((one) => {
          const tools = one.server.tools;
          const of = CATEGORIES.map((word) => tools.filter(({ assessment }) => assessment?.verdict.category === word));
          const numbers = [tools, ...of].map(({ length }) => String(length || ''));
          return [one.entry.name, one.runs, ...numbers, highest(one), outcome(one)];
        }),
      ),
    );
  if (findings.length > 0)
    parts.push(
      '## Findings',
      table(
        ['Severity', 'What', 'Where', 'Why'],
        findings
          .slice(0, FINDINGS_SHOWN)
          .map(({ severity, kind, name, tool, place, text }) => [
            severity,
            kind,
            [place && `${place.shown}:${place.line}`, name, tool].filter(Boolean).join(' '),
            text.slice(0, 400),
          ]),
      ),
    );
  if (findings.length > FINDINGS_SHOWN) parts.push(`… and ${findings.length - FINDINGS_SHOWN} more.`);
  const diffs = drifts.flatMap(({ diff }) => diff ?? []);
  for (const diff of diffs.slice(0, DIFFS_SHOWN)) parts.push(fenced(diff.slice(0, DIFF_SHOWN)));
  parts.push(`${scan.seconds.toFixed(1)} s in the sandbox ${plain(scan.sandbox)}.`);
  return `${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), `| ${head.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

/** Text of which nothing is markup, a link, a mention or a reference to an issue, on one line. */
function plain(text: string): string {
  return visibleLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_{}[\]()#+!|~>$-]/g, '\\$&')
    .replace(/@/g, '&#64;')
    .replace(/:\/\//g, '&#58;//')
    .replace(/\bwww\./gi, 'www&#46;');
}

/** A block that is longer fenced than anything within. */
function fenced(text: string): string {
  const shown = visible(text).trimEnd();
  const longest = Math.max(2, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${shown}\n${fence}`;
}
