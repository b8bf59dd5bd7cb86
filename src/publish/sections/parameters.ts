import { visibleJson, visibleLine } from '#core/visible.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Rule } from '#domain/policy.ts';
import type { Json, JsonObject } from '#domain/tool.ts';
import { sentence } from '#recommend/reasons.ts';
import { type Html, html, type Part } from '../markup/html.ts';
import { count } from '../markup/parts.ts';
import { bytesOf, fitting } from './fit.ts';
import type { Marks } from './marks.ts';
import { risksOf } from './risky.ts';

/** Parameters that a page shows, and bytes of what is said of them. */
const ROWS = 60;
const BYTES = 14_000;
/** Bytes of what is said of one. */
const LONGEST = 900;
const DEEPEST = 3;
const CHOICES = 8;

interface Row {
  /** The parameter with the ones that it stands in: `filter.owner`, `items[].id`. */
  readonly path: string;
  readonly name: string;
  readonly field: string;
  readonly schema: Json;
  readonly required: boolean;
}

/**
 * What a call takes, as the server's schema says it, with what is quoted marked and what is risky named with the reason.
 * Says plainly where the schema is unknown.
 */
export function parameters(tool: CatalogueTool, rule: Rule | undefined, marks: Marks): Html {
  const schema = tool.definition.inputSchema;
  if (!schema) return html`<p>The schema of its arguments is unknown.</p>`;
  const properties = objectAt(schema, 'properties');
  if (!properties) return html`<p>Its schema names no parameters.</p>`;
  const names = Object.keys(properties);
  if (names.length === 0) return html`<p>It takes no parameters.</p>`;
  const required = requiredOf(schema);
  const rows: Row[] = [];
  const more = walk(schema, { path: '', field: '/inputSchema', depth: 0 }, rows);
  const risks = risksOf(tool, rule, rows);
  let left = BYTES;
  const shown = rows.map((row) => {
    const said = describe(row, Math.min(LONGEST, left), marks);
    left = Math.max(0, left - said.bytes);
    return rowOf(row, said.part, risks.get(row.field), marks);
  });
  return html`<p>${count(names.length, 'parameter')}, ${names.filter((name) => required.has(name)).length} required${risks.size > 0 ? `; ${risks.size} to watch` : ''}.</p>
<div class="table" tabindex="0" role="region" aria-label="Parameters"><table class="params"><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">What its author says</th></tr></thead>
<tbody>${shown}</tbody></table></div>${more > 0 ? html`<p class="quiet">${count(more, 'more parameter')} left out here.</p>` : ''}`;
}

function rowOf(
  { path, name, field, schema, required }: Row,
  said: Part,
  risks: readonly string[] | undefined,
  marks: Marks,
) {
  const before = path.slice(0, path.length - name.length);
  return html`${risks ? RISKY : ROW}<th scope="row"><code><bdi lang="">${before}${marks.line(name, field, 'key')}</bdi></code>${required ? REQUIRED : ''}</th><td><code><bdi lang="">${typeOf(schema, field, marks)}</bdi></code></td><td>${said}${risks?.map((why) => html`<p class="watch"><b>Watch:</b> ${visibleLine(sentence(why))}</p>`)}</td></tr>`;
}
const RISKY = html`<tr class="risky">`;
const ROW = html`<tr>`;
const REQUIRED = html` <span class="required">required</span>`;

function describe(
  { schema, field }: Row,
  bytes: number,
  marks: Marks,
): { readonly part: Part; readonly bytes: number } {
  const text = isObject(schema) && typeof schema.description === 'string' ? schema.description.trim() : '';
  if (text === '') return { part: '', bytes: 0 };
  // Quotes count from the beginning of what the author wrote, blank as that may be.
  const whole = (schema as { readonly description: string }).description;
  const shown = fitting(whole, bytes);
  return {
    part: html`<div class="said" dir="auto" lang="">${marks.text(shown, `${field}/description`)}${shown.length < whole.length ? '…' : ''}</div>`,
    bytes: bytesOf(shown),
  };
}

/** Adds a row for every parameter, outermost first within each; how many were left out for want of room. */
function walk(
  schema: JsonObject,
  at: { readonly path: string; readonly field: string; readonly depth: number },
  rows: Row[],
): number {
  const properties = objectAt(schema, 'properties');
  if (!properties) return 0;
  const required = requiredOf(schema);
  let more = 0;
  for (const name of Object.keys(properties)) {
    if (rows.length >= ROWS) {
      more++;
      continue;
    }
    const own = properties[name]!;
    const field = `${at.field}/properties/${name.includes('/') || name.includes('~') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name}`;
    const path = at.path + name;
    rows.push({ path, name, field, schema: own, required: required.has(name) });
    if (!isObject(own) || at.depth + 1 >= DEEPEST) continue;
    more += walk(own, { path: `${path}.`, field, depth: at.depth + 1 }, rows);
    const items = own.items;
    if (isObject(items))
      more += walk(items, { path: `${path}[].`, field: `${field}/items`, depth: at.depth + 1 }, rows);
  }
  return more;
}

function typeOf(property: Json | undefined, field: string, marks: Marks): Part {
  if (!isObject(property)) return 'not said';
  const { type } = property;
  if (Array.isArray(property.enum)) {
    const shown = property.enum
      .slice(0, CHOICES)
      .map((value, at): Part => [at > 0 ? ' | ' : '', choice(value, `${field}/enum/${at}`, marks)]);
    return [shown, property.enum.length > CHOICES ? ' | …' : ''];
  }
  if (type === 'array') return ['array of ', typeOf(property.items, `${field}/items`, marks)];
  if (typeof type === 'string') return marks.line(type.slice(0, 40), `${field}/type`);
  if (property.const !== undefined) return choice(property.const, `${field}/const`, marks);
  const names = Array.isArray(type) ? type : branchesOf(property);
  return [...new Set(names.filter((one) => typeof one === 'string'))].join(' | ').slice(0, 80) || 'not said';
}

function choice(value: Json, field: string, marks: Marks): Part {
  return typeof value === 'string'
    ? ['"', marks.line(fitting(value, 200), field), '"']
    : visibleJson(value, 0).slice(0, 40);
}

/** The types of the shapes that a value may have. */
function branchesOf(property: JsonObject): readonly (Json | undefined)[] {
  const branches = property.anyOf ?? property.oneOf;
  return Array.isArray(branches) ? branches.slice(0, CHOICES).map((one: Json) => isObject(one) && one.type) : [];
}

function requiredOf(schema: JsonObject): ReadonlySet<Json> {
  return new Set(Array.isArray(schema.required) ? schema.required : []);
}

function objectAt(value: JsonObject, key: string): JsonObject | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
