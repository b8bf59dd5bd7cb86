import type { Json, JsonObject } from '#domain/tool.ts';
import { pointerToken } from './quote.ts';
import { nameWords, type Word } from './words.ts';

/** One of a closed list of values, and where it stands. */
export interface Choice {
  readonly text: string;
  readonly field: string;
}

/** A parameter of a tool at any depth. */
export interface Parameter {
  readonly name: string;
  /** Pointer to the parameter's schema; its last key is the name. */
  readonly field: string;
  readonly words: readonly Word[];
  /** 0 for the tool's own parameters, more for those inside objects and lists. */
  readonly depth: number;
  readonly required: boolean;
  readonly type: string;
  readonly description: string;
  readonly choices: readonly Choice[];
}

/** Limits of what is read of a schema, so that a hostile one costs no more than a large honest one. */
const MOST_PARAMETERS = 120;
const MOST_CHOICES = 60;
const DEEPEST = 5;
const MOST_STEPS = 2_000;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function choicesOf(schema: JsonObject, field: string): readonly Choice[] {
  const found: Choice[] = [];
  const list = own(schema, 'enum');
  if (Array.isArray(list))
    for (const [at, value] of list.slice(0, MOST_CHOICES).entries())
      if (typeof value === 'string' && value !== '') found.push({ text: value, field: `${field}/enum/${at}` });
  const fixed = own(schema, 'const');
  if (typeof fixed === 'string' && fixed !== '') found.push({ text: fixed, field: `${field}/const` });
  for (const join of ['anyOf', 'oneOf']) {
    const branches = own(schema, join);
    if (!Array.isArray(branches)) continue;
    for (const [at, branch] of branches.slice(0, MOST_CHOICES).entries()) {
      const value = isObject(branch) ? own(branch, 'const') : undefined;
      if (typeof value === 'string' && value !== '') found.push({ text: value, field: `${field}/${join}/${at}/const` });
    }
  }
  return found;
}

/** What a local reference points at among the schema's definitions. */
function referred(schema: JsonObject, root: string, reference: Json | undefined) {
  const match = typeof reference === 'string' ? /^#\/(\$defs|definitions)\/([^/]{1,200})$/.exec(reference) : null;
  const definitions = match ? own(schema, match[1]!) : undefined;
  if (!match || !isObject(definitions)) return undefined;
  const key = match[2]!.replaceAll('~1', '/').replaceAll('~0', '~');
  const node = own(definitions, key);
  return isObject(node) ? { node, field: `${root}/${match[1]}/${pointerToken(key)}` } : undefined;
}

/**
 * The properties that a schema names (a tool's parameters, unless `root` is another schema of the definition), outermost first, through objects, lists, unions and local references.
 * Reads a bounded part of any schema, however deep, wide or circular; what has the wrong type is passed over.
 */
export function parametersOf(schema: JsonObject | undefined, root = '/inputSchema'): readonly Parameter[] {
  const found: Parameter[] = [];
  if (!isObject(schema)) return found;
  const queue: { readonly node: JsonObject; readonly field: string; readonly depth: number }[] = [
    { node: schema, field: root, depth: 0 },
  ];
  const seen = new Set<JsonObject>();
  for (let step = 0; step < queue.length && step < MOST_STEPS && found.length < MOST_PARAMETERS; step++) {
    const { node, field, depth } = queue[step]!;
    if (depth > DEEPEST || seen.has(node)) continue;
    seen.add(node);
    const required = own(node, 'required');
    const needed = new Set(Array.isArray(required) ? required.slice(0, MOST_PARAMETERS) : []);
    const properties = own(node, 'properties');
    if (isObject(properties))
      for (const name in properties) {
        if (found.length >= MOST_PARAMETERS) break;
        const child = own(properties, name);
        if (!isObject(child)) continue;
        const at = `${field}/properties/${pointerToken(name)}`;
        const type = own(child, 'type');
        const description = own(child, 'description');
        if (name !== '')
          found.push({
            name,
            field: at,
            words: nameWords(name),
            depth,
            required: needed.has(name),
            type: typeof type === 'string' ? type : '',
            description: typeof description === 'string' ? description : '',
            choices: choicesOf(child, at),
          });
        queue.push({ node: child, field: at, depth: depth + 1 });
      }
    for (const key of ['items', 'additionalProperties']) {
      const inner = own(node, key);
      if (isObject(inner)) queue.push({ node: inner, field: `${field}/${key}`, depth });
    }
    for (const key of ['anyOf', 'oneOf', 'allOf']) {
      const branches = own(node, key);
      if (!Array.isArray(branches)) continue;
      for (const [at, branch] of branches.slice(0, MOST_CHOICES).entries())
        if (isObject(branch)) queue.push({ node: branch, field: `${field}/${key}/${at}`, depth });
    }
    const target = referred(schema, root, own(node, '$ref'));
    if (target) queue.push({ ...target, depth });
  }
  return found;
}
