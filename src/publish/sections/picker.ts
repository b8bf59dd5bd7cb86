import type { Policy } from '#domain/policy.ts';
import type { Entries, Exporter, Loss } from '../formats/exporter.ts';
import { became, EXPORTERS } from '../formats/formats.ts';
import { Html, html } from '../markup/html.ts';
import { json } from '../markup/parts.ts';

/** Formats that show a tool by itself, the policy's own first. */
const SHOWN = EXPORTERS.filter(({ entries }) => entries).sort(
  (a, b) => Number(b.id === 'plimsoll') - Number(a.id === 'plimsoll'),
);

/** A policy in one of those formats. */
interface InFormat {
  readonly exporter: Exporter;
  readonly entries: Entries;
}

// The pages of a server's tools all show the same policy.
const known = new WeakMap<Policy, readonly InFormat[]>();

function formatsOf(policy: Policy): readonly InFormat[] {
  const made = known.get(policy) ?? SHOWN.map((exporter) => ({ exporter, entries: exporter.entries!(policy) }));
  known.set(policy, made);
  return made;
}

// What is the same on every tool's page is made once.
const WHERE = new Map(
  SHOWN.map(({ id, where, can }) => [
    id,
    html`<p class="quiet">${where}${can.unlisted === 'ask' && ' What it does not name asks a person: it cannot deny by default.'}</p>`,
  ]),
);
const SAYS = new Map(
  SHOWN.map(({ id, title, can }) => [
    id,
    {
      title: html`<summary>${title}</summary>`,
      none: html`<p>Nothing to add: what this file does not name ${can.unlisted === 'ask' ? 'asks a person' : 'is denied'}.</p>`,
    },
  ]),
);
const FIRST = new Html(' open');

/**
 * One tool's rule in the formats that most clients read, one at a time to see, with where each goes and what it loses.
 * Needs no script: the browser closes one as another is opened. `server` is the address of the server's page.
 */
export function picker(policy: Policy, server: string, tool: string): Html {
  const more = EXPORTERS.length - SHOWN.length;
  return html`<div class="picker" id="formats">${formatsOf(policy).map(({ exporter: { id }, entries }, at) => {
    const text = entries.of(tool);
    const { title, none } = SAYS.get(id)!;
    return html`<details name="format" id="format-${id}"${at === 0 && FIRST}>${title}${text === undefined ? none : json(text, LABELS.get(id)!)}${WHERE.get(id)}${losses(entries.lossesOf(tool))}</details>`;
  })}</div><p><a href="${server}#formats">${more} more formats</a>, and the whole server in each.</p>`;
}
const LABELS = new Map(SHOWN.map(({ id, title }) => [id, `${title} for this tool`]));

function losses(all: readonly Loss[]): Html | undefined {
  if (all.length === 0) return undefined;
  return html`<p class="lost">It loses:</p><ul class="lost">${all.map(became).map((one) => html`<li>${one}</li>`)}</ul>`;
}
