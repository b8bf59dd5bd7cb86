import type { CatalogueServer } from '#domain/catalogue.ts';
import type { Change, ChangeKind } from '#domain/change.ts';
import { DEFINITION_FIELDS, type ToolDefinition } from '#domain/tool.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { code, day } from '../markup/parts.ts';

const NAMES: Readonly<Record<(typeof DEFINITION_FIELDS)[number], string>> = {
  name: 'its name',
  title: 'its title',
  description: 'its description',
  inputSchema: 'its arguments',
  outputSchema: 'what it returns',
  annotations: 'its annotations',
};

/** Which parts of a definition differ, in words. */
export function changedFields(before: ToolDefinition | undefined, after: ToolDefinition | undefined): string {
  if (!before || !after) return 'its definition';
  const differing = DEFINITION_FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return differing.map((field) => NAMES[field]).join(', ') || 'its definition';
}

/** Changes shown before the page of all of them is referred to. */
const LAST = 8;

/** What changed in a server's tools last; nothing where nothing was ever seen to change. */
export function lastChanges(server: CatalogueServer, changes: readonly Change[], links: Links): Html | undefined {
  if (changes.length === 0) return undefined;
  const present = new Set(server.tools.map(({ definition }) => definition.name));
  return html`<section id="changes"><h2>Last changes</h2><ul class="history">${changes
    .slice(0, LAST)
    .map(
      ({ at, tool, kind, before, after, versions }) =>
        html`<li>${day(at)}: ${present.has(tool) ? html`<a href="${links.tool(server.slug, tool)}">${code(tool)}</a>` : code(tool)} ${kind === 'changed' ? `changed in ${changedFields(before, after)}` : SAID[kind]}${versions.after !== undefined && html`, with version ${code(versions.after)}`}</li>`,
    )}</ul><p><a href="${links.to('server-changes', server.slug)}">All changes</a></p></section>`;
}

const SAID: Readonly<Record<ChangeKind, string>> = {
  appeared: 'appeared',
  changed: 'changed',
  went: 'is gone',
  'not-shown': 'was not shown, under other circumstances',
};
