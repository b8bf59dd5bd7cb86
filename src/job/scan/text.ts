import Table from 'cli-table3';
import { visible, visibleLine } from '#core/visible.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Finding } from '#pipeline/scan/findings.ts';
import type { ClientSetup, ScannedServer } from '#pipeline/scan/scanned.ts';
import { countsInWords, type Report } from './report.ts';

const FINDINGS_SHOWN = 25;
const TEXT_SHOWN = 400;
const CELL = 60;

/** A scan for a person at a terminal: a table for each client, what was found, what drifted. */
export function scanText({ scan, findings, drifts }: Report): string {
  const parts = [...scan.warnings.map(visibleLine), ...scan.clients.map(clientTable)];
  if (scan.clients.length === 0) parts.push('No client here has a server configured.');
  parts.push(`Findings: ${countsInWords(findings)}.`);
  const shown = findings.filter(isShown).slice(0, FINDINGS_SHOWN);
  parts.push(...shown.map(line));
  const rest = findings.length - shown.length;
  if (rest > 0) parts.push(`… and ${rest} more; --json tells all.`);
  for (const { diff } of drifts) if (diff !== undefined) parts.push(visible(diff).trimEnd());
  parts.push(`${scan.seconds.toFixed(1)} s in the sandbox '${scan.sandbox}'.`);
  return `${parts.join('\n')}\n`;
}

/** The risks of single tools are many, and the table has them; the graver ones are told one by one. */
function isShown({ kind, severity }: Finding): boolean {
  return severity !== 'low' && (kind !== 'risk' || severity !== 'medium');
}

function clientTable({ title, servers }: ClientSetup): string {
  const table = new Table({
    head: [title, 'Runs', 'Tools', 'Risk', 'Outcome'],
    style: { head: [], border: [] },
  });
  for (const one of servers)
    table.push([
      cell(`${one.entry.name}\u2028${one.place}:${one.entry.line}`),
      cell(one.runs),
      counts(one),
      highest(one),
      outcome(one),
    ]);
  return table.toString();
}

/** A cell, each of its lines cut; U+2028 parts lines of ours, which no stranger's text has once it is visible. */
function cell(text: string): string {
  return text
    .split('\u2028')
    .map((one) => cut(visibleLine(one), CELL))
    .join('\n');
}

function cut(text: string, most: number): string {
  const chars = [...text];
  return chars.length > most ? `${chars.slice(0, most - 1).join('')}…` : text;
}

/** How many tools a server has, and how many of each category. */
function counts({ server: { tools } }: ScannedServer): string {
  const of = CATEGORIES.flatMap((word) => {
    const { length } = tools.filter(({ assessment }) => assessment?.verdict.category === word);
    return length > 0 ? `${length} ${word}` : [];
  });
  return tools.length > 0 ? of.join('\n') : '';
}

/** The highest risk among a server's tools; nothing where it has none. */
export function highest({ server: { tools } }: ScannedServer): string {
  return RISKS.findLast((risk) => tools.some(({ assessment }) => assessment?.verdict.risk === risk)) ?? '';
}

/** How looking at a server ended, in a few words. */
export function outcome({ outcome: how, wants, server, compared }: ScannedServer): string {
  const read = how !== 'listed' && server.tools.length > 0 ? ', read from source' : '';
  const wanted = how === 'wants-credentials' && wants.length > 0 ? `: ${visibleLine(wants.join(', '))}` : '';
  const there = compared && (compared.known ? '' : ', not in the catalogue');
  return cut(`${how}${wanted}${read}${there ?? ''}`, CELL);
}

function line({ severity, kind, text, name, tool, place }: Finding): string {
  const where = place ? `${visibleLine(place.shown)}:${place.line}` : '';
  const what = [name && visibleLine(name), tool && visibleLine(tool)].filter(Boolean).join(' ');
  return `  ${severity.padEnd(8)} ${kind.padEnd(18)} ${[cut(what, 80), cut(visibleLine(text), TEXT_SHOWN)].filter(Boolean).join(': ')}${where && `  [${where}]`}`;
}
