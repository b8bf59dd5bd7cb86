import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { bounded } from '#core/http-body.ts';
import { visibleLine } from '#core/visible.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Plan } from './plan.ts';
import type { ScannedServer } from './scanned.ts';

/** How a tool here differs from the one that the catalogue has under its name. */
export interface Difference {
  readonly tool: string;
  /** `definition`: it is described otherwise; `verdict`: the same definition is judged otherwise; `only-here`. */
  readonly kind: 'definition' | 'verdict' | 'only-here';
  /** Category and risk, here and there. */
  readonly here?: string;
  readonly there?: string;
}

/** What a catalogue says of a server: nothing, or where what it has differs. */
export interface Compared {
  readonly known: boolean;
  readonly slug?: string;
  readonly differences: readonly Difference[];
}

const Resolution = z.object({
  entries: z.array(z.object({ found: z.boolean(), server: z.object({ id: z.string(), slug: z.string() }).optional() })),
});
const Tools = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      fingerprint: z.string(),
      verdict: z.object({ category: z.enum(CATEGORIES), risk: z.enum(RISKS) }).optional(),
    }),
  ),
});

const PATIENCE = 20_000;
const BYTES = 32 * 1024 * 1024;
/** Entries that the API reads of one setup. */
const AT_ONCE = 200;

/** The name under which a catalogue may have what a plan starts; undefined where only this machine has it. */
export function publicName({ way, runs }: Plan): string | undefined {
  if (way.kind === 'package') return way.ref.purl;
  return way.kind === 'remote' && way.remote.url.startsWith('https:') && !runs.includes('…') ? runs : undefined;
}

/**
 * Compares servers with those of a catalogue, by name and fingerprint. Only names go there: no variables, arguments,
 * headers or queries. Answers by name; rejects with a sentence where the catalogue cannot be asked.
 */
export async function compare(
  base: string,
  servers: ReadonlyMap<string, ScannedServer>,
  options: { readonly userAgent: string; readonly stop: AbortSignal },
): Promise<ReadonlyMap<string, Compared>> {
  const names = [...servers.keys()];
  const found = new Map<string, Compared>();
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const { entries } = await ask(base, 'v1/resolve', Resolution, { ...options, body: some });
    for (const [index, name] of some.entries()) {
      const there = entries[index]?.server;
      if (!there) found.set(name, { known: false, differences: [] });
      else {
        const path = `v1/servers/${encodeURIComponent(there.id)}/tools`;
        const { tools } = await ask(base, path, Tools, options);
        found.set(name, { known: true, slug: there.slug, differences: differences(servers.get(name)!, tools) });
      }
    }
  }
  return found;
}

function differences({ server }: ScannedServer, there: z.infer<typeof Tools>['tools']): readonly Difference[] {
  // One name may stand twice.
  const known = Map.groupBy(there, ({ name }) => name);
  return server.tools.flatMap(({ definition, fingerprint, assessment }): Difference[] => {
    const all = known.get(definition.name);
    const verdict = assessment!.verdict;
    const here = `${verdict.category}, ${verdict.risk}`;
    if (!all) return [{ tool: definition.name, kind: 'only-here', here }];
    const same = all.find((one) => one.fingerprint === fingerprint);
    const other = (same ?? all[0]!).verdict;
    const said = other ? { there: `${other.category}, ${other.risk}` } : {};
    if (!same) return [{ tool: definition.name, kind: 'definition', here, ...said }];
    const isSame = !other || (other.category === verdict.category && other.risk === verdict.risk);
    return isSame ? [] : [{ tool: definition.name, kind: 'verdict', here, ...said }];
  });
}

async function ask<T extends z.ZodType>(
  base: string,
  path: string,
  shape: T,
  { userAgent, stop, body }: { userAgent: string; stop: AbortSignal; body?: unknown },
): Promise<z.infer<T>> {
  const url = new URL(path, base.endsWith('/') ? base : `${base}/`);
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  for (let left = 2; ; left--) {
    let response: Response;
    try {
      response = await fetch(url, {
        signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE)]),
        redirect: 'error',
        ...(body === undefined
          ? { headers }
          : {
              method: 'POST',
              headers: { ...headers, 'content-type': 'application/json' },
              body: JSON.stringify(body),
            }),
      });
    } catch (error) {
      stop.throwIfAborted();
      throw new Error(`${url.host} cannot be reached: ${visibleLine((error as Error).message)}`);
    }
    if (response.status === 429 && left > 0) {
      await response.body?.cancel();
      await sleep(1000 * Math.min(10, Number(response.headers.get('retry-after')) || 1), undefined, { signal: stop });
      continue;
    }
    const text = await bounded(url, response as never, BYTES);
    const parsed = response.ok ? shape.safeParse(json(text)) : undefined;
    if (parsed?.success) return parsed.data;
    throw new Error(`${url.host} does not answer as a catalogue does (${response.status}).`);
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
