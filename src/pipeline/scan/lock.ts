import { createTwoFilesPatch } from 'diff';
import { z } from 'zod';
import { definitionFingerprint } from '#core/definition.ts';
import { WrongUse } from '#core/errors.ts';
import { canonical } from '#core/hash.ts';
import { visible, visibleJson, visibleLine } from '#core/visible.ts';
import { DEFINITION_FIELDS, PROVENANCES, type ToolDefinition } from '#domain/tool.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import { type Scan, type ScannedServer, serversOf } from './scanned.ts';

const open = z.unknown().optional();
const text = z.string().optional();
const Definition = z.strictObject({
  name: z.string(),
  title: text,
  description: text,
  inputSchema: open,
  outputSchema: open,
  annotations: open,
});
const Tool = z.strictObject({
  name: z.string(),
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  provenance: z.enum(PROVENANCES),
  category: z.enum(CATEGORIES),
  risk: z.enum(RISKS),
  definition: Definition,
});
const Server = z.strictObject({
  id: z.string(),
  runs: z.string(),
  version: text,
  integrity: text,
  tools: z.array(Tool),
});
const Lock = z.strictObject({ lockVersion: z.literal(1), servers: z.array(Server) });

/** What a lock file pins: of every server its tools, each by its definition and what that was judged to be. */
export type Lock = z.infer<typeof Lock>;

/** Where a server is not what is pinned. */
export interface Drift {
  readonly server: string;
  readonly tool?: string;
  readonly text: string;
  /** Both definitions as a unified diff, terminal-safe. */
  readonly diff?: string;
}

/** The lock of a scan: the same bytes for the same servers, whenever and wherever it is made. */
export function lockOf(scan: Scan): Lock {
  const servers = serversOf(scan).filter(({ outcome }) => outcome !== 'disabled');
  return {
    lockVersion: 1,
    servers: servers
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, runs, server }) => ({
        id,
        runs,
        ...(server.visit?.artefact && {
          version: server.visit.artefact.version,
          integrity: server.visit.artefact.integrity,
        }),
        tools: server.tools
          .map(({ definition, fingerprint, provenance, assessment }) => {
            const { category, risk } = assessment!.verdict;
            return { name: definition.name, fingerprint, provenance, category, risk, definition: sorted(definition) };
          })
          .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.fingerprint < b.fingerprint ? -1 : 1)),
      })),
  } as Lock;
}

/** The text of a lock file. */
export function lockText(lock: Lock): string {
  return `${visibleJson(lock)}\n`;
}

/** A lock from its text. Throws `WrongUse`, naming the file, where it is none or where it was changed by hand. */
export function readLock(content: string, file: string): Lock {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw new WrongUse(`${file} is not JSON: ${visibleLine((error as Error).message)}`);
  }
  const parsed = Lock.safeParse(json);
  if (!parsed.success) throw new WrongUse(`${file} is not a lock file:\n${visible(z.prettifyError(parsed.error))}`);
  for (const { id, tools } of parsed.data.servers)
    for (const { name, fingerprint, definition } of tools)
      if (
        definition.name !== name ||
        !(isOf(fingerprint, definition as ToolDefinition) || CUT.test(JSON.stringify(definition)))
      )
        throw new WrongUse(
          `${file}: the definition of ${visibleLine(`'${name}' of ${id}`)} is not the one of its fingerprint.`,
        );
  return parsed.data;
}

/** Stands where a key was taken out of a definition: the fingerprint is of what the server says, key and all. */
const CUT = /\[(?:token|secret|password|hex|private key)\]/;

const isOf = (fingerprint: string, definition: ToolDefinition) => definitionFingerprint(definition) === fingerprint;

/** Where a scan is not what a lock pins. A server that cannot be looked at drifted: nothing says that it did not. */
export function driftsOf(lock: Lock, scan: Scan): readonly Drift[] {
  const pinned = new Map(lock.servers.map((one) => [one.id, one]));
  const drifts: Drift[] = [];
  for (const one of serversOf(scan)) {
    if (one.outcome === 'disabled') continue;
    const known = pinned.get(one.id);
    pinned.delete(one.id);
    if (!known) drifts.push({ server: one.id, text: 'The lock file does not pin it.' });
    else drifts.push(...ofServer(known, one));
  }
  const disabled = new Set(serversOf(scan).map(({ id }) => id));
  for (const { id } of pinned.values())
    if (!disabled.has(id)) drifts.push({ server: id, text: 'The lock file pins it, and no configuration has it.' });
  return drifts;
}

function ofServer(known: Lock['servers'][number], one: ScannedServer): readonly Drift[] {
  const { id, server } = one;
  const drifts: Drift[] = [];
  if (known.runs !== one.runs)
    drifts.push({ server: id, text: `It runs ${one.runs}, and was locked running ${known.runs}.` });
  const now = server.tools;
  if (one.outcome !== 'listed' && known.tools.some(({ provenance }) => provenance !== 'static'))
    return [
      ...drifts,
      {
        server: id,
        text: `It does not list its tools now (${one.detail ?? one.outcome}), so they cannot be compared.`,
      },
    ];
  const same = new Set(known.tools.map(({ name, fingerprint }) => `${fingerprint} ${name}`));
  const still = new Set(now.map(({ definition, fingerprint }) => `${fingerprint} ${definition.name}`));
  const gone = known.tools.filter(({ name, fingerprint }) => !still.has(`${fingerprint} ${name}`));
  for (const { definition, fingerprint } of now) {
    const { name } = definition;
    if (same.has(`${fingerprint} ${name}`)) continue;
    const before = gone.findIndex((old) => old.name === name);
    const [old] = before < 0 ? [] : gone.splice(before, 1);
    const words = old ? 'Its definition is not the one that is locked.' : 'It is new since the lock.';
    drifts.push({
      server: id,
      tool: name,
      text: words,
      diff: difference(id, name, old?.definition as ToolDefinition, definition),
    });
  }
  for (const { name, definition } of gone)
    drifts.push({
      server: id,
      tool: name,
      text: 'It is gone since the lock.',
      diff: difference(id, name, definition as ToolDefinition, undefined),
    });
  return drifts;
}

/** A unified diff of two definitions, their texts broken at their own line breaks. */
function difference(
  id: string,
  name: string,
  before: ToolDefinition | undefined,
  after: ToolDefinition | undefined,
): string {
  const label = visibleLine(`${id} ${name}`);
  return visible(createTwoFilesPatch(label, label, shown(before), shown(after), 'locked', 'now', { context: 2 }));
}

function shown(definition: ToolDefinition | undefined): string {
  return definition === undefined ? '' : `${visibleJson(sorted(definition)).replaceAll('\\n', '\n')}\n`;
}

/** The same definition with the keys of its schemas in one order, so that a server that shuffles them locks alike. */
function sorted(definition: ToolDefinition): ToolDefinition {
  return ordered(JSON.parse(canonical(definition)) as ToolDefinition);
}

function ordered(definition: ToolDefinition): ToolDefinition {
  const fields = DEFINITION_FIELDS.filter((field) => definition[field] !== undefined);
  return Object.fromEntries(fields.map((field) => [field, definition[field]])) as unknown as ToolDefinition;
}
