import type { Json, JsonObject, ToolDefinition } from '#domain/tool.ts';
import { type Html, html } from './html.ts';
import { block, code, count } from './parts.ts';

/** Parameters that a page shows. */
const ROWS = 100;

/** What a call takes, as the server's schema says it; says plainly where the schema is unknown. */
export function parameters(tool: ToolDefinition): Html {
  const schema = tool.inputSchema;
  if (!schema) return html`<p>The schema of its arguments is unknown.</p>`;
  const properties = objectAt(schema, 'properties');
  if (!properties) return html`<p>Its schema names no parameters.</p>`;
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const names = Object.keys(properties);
  if (names.length === 0) return html`<p>It takes no parameters.</p>`;
  return html`<p>${count(names.length, 'parameter')}, ${names.filter((name) => required.has(name)).length} required.</p>
<div class="table" tabindex="0" role="region" aria-label="Parameters"><table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">What its author says</th></tr></thead>
<tbody>${names.slice(0, ROWS).map((name) => {
    const property = properties[name];
    const described = isObject(property) && typeof property.description === 'string' ? property.description : undefined;
    return html`<tr><th scope="row">${code(name)}${required.has(name) ? html` <span class="required">required</span>` : ''}</th><td>${code(typeOf(property))}</td><td>${described === undefined ? '–' : block(described, 1000)}</td></tr>`;
  })}</tbody></table></div>${names.length > ROWS ? html`<p class="quiet">${count(names.length - ROWS, 'more parameter')} left out here.</p>` : ''}`;
}

function typeOf(property: Json | undefined): string {
  if (!isObject(property)) return 'any';
  const { type } = property;
  if (Array.isArray(property.enum)) {
    const shown = property.enum.slice(0, 8).map((value) => JSON.stringify(value));
    return shown.join(' | ') + (property.enum.length > shown.length ? ' | …' : '');
  }
  if (type === 'array') return `array of ${typeOf(property.items)}`;
  if (typeof type === 'string') return type;
  return Array.isArray(type) ? type.filter((one) => typeof one === 'string').join(' | ') : 'any';
}

function objectAt(value: JsonObject, key: string): JsonObject | undefined {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return isObject(found) ? found : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
