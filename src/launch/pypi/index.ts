import { load } from 'cheerio';
import { z } from 'zod';
import { SourceUnreachable } from '#core/errors.ts';
import { type Http, openHttp } from '#core/http.ts';
import type { ResolveOptions, Unavailable } from '../resolver.ts';
import type { IndexFile } from './wheels.ts';

export const PYPI = 'https://pypi.org/simple/';
const ACCEPT = 'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1';
/** PyPI names no limit; one request after the other is what pip makes. */
const politeness = { concurrency: 2, interval: 0 };
/** Files of one project that are looked at: the largest real ones have about 8,000. */
const FILES_MAX = 20_000;

const Text = z.string().optional().catch(undefined);
const File = z.object({
  filename: z.string(),
  url: z.string(),
  hashes: z.object({ sha256: Text }).catch({ sha256: undefined }),
  'requires-python': Text,
  yanked: z.union([z.boolean(), z.string()]).catch(false),
  'upload-time': Text,
});
const Page = z.object({
  files: z.array(z.unknown()).transform((list) => list.flatMap((item) => File.safeParse(item).data ?? [])),
});

let own: Http | undefined;

/** The client to ask hosts with: the one that is given, or one that all without share. */
export function clientOf({ http }: ResolveOptions): Http {
  if (http) return http;
  own ??= openHttp({ userAgent: 'plimsoll', limits: { retries: 2 } });
  return own;
}

/** The address of the index, with a slash at its end. */
export function indexOf({ pythonIndex = PYPI }: ResolveOptions): URL {
  return new URL(pythonIndex.endsWith('/') ? pythonIndex : `${pythonIndex}/`);
}

/** The files of a project as an index lists them over its simple API, in JSON (PEP 691) or HTML (PEP 503). */
export async function listFiles(
  name: string,
  options: ResolveOptions,
  phase: Unavailable['phase'],
): Promise<readonly IndexFile[] | Unavailable> {
  const url = new URL(`${name}/`, indexOf(options));
  const stop = options.signal ?? new AbortController().signal;
  try {
    const page = await clientOf(options).text(url, { politeness, stop, headers: { accept: ACCEPT } });
    const files = page.trimStart().startsWith('{') ? fromJson(page, url) : fromHtml(page, url);
    if (files) return files.slice(0, FILES_MAX);
    return {
      phase,
      reason: 'bad-manifest',
      detail: 'the index answers with something else than a list',
      temporary: false,
    };
  } catch (error) {
    if (!(error instanceof SourceUnreachable)) throw error;
    const refuse = (reason: string, detail: string, temporary: boolean) => ({ phase, reason, detail, temporary });
    if (error.status === 404) return refuse('not-found', `the index knows no project ${name}`, false);
    if (error.status === 401 || error.status === 403)
      return refuse('forbidden', `the index answered ${error.status}`, false);
    return refuse('network', 'the index cannot be reached or answers with an error', true);
  }
}

function fromJson(text: string, base: URL): readonly IndexFile[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Page.safeParse(json).data?.files.flatMap((file) =>
    made(file.filename, file.url, base, {
      sha256: file.hashes.sha256,
      requiresPython: file['requires-python'],
      yanked: file.yanked !== false,
      uploadedAt: file['upload-time'],
    }),
  );
}

function fromHtml(text: string, base: URL): readonly IndexFile[] | undefined {
  const page = load(text);
  if (page('a').length === 0 && !/<(!doctype html|html|body)/i.test(text)) return undefined;
  return page('a[href]')
    .toArray()
    .flatMap((node) => {
      const link = page(node);
      const href = link.attr('href')!;
      return made(link.text().trim(), href, base, {
        sha256: /#(?:.*&)?sha256=([0-9a-f]{64})\b/i.exec(href)?.[1],
        requiresPython: link.attr('data-requires-python'),
        yanked: link.attr('data-yanked') !== undefined,
        uploadedAt: undefined,
      });
    });
}

function made(
  filename: string,
  href: string,
  base: URL,
  { yanked, sha256, ...more }: { [K in keyof Omit<IndexFile, 'filename' | 'url'>]-?: IndexFile[K] | undefined },
): readonly IndexFile[] {
  const url = URL.parse(href, base.href);
  if (!url || !/^https?:$/.test(url.protocol) || filename.length > 300) return [];
  url.hash = '';
  const known = Object.entries({ sha256: sha256?.toLowerCase(), ...more }).filter(([, value]) => value !== undefined);
  return [{ filename, url: url.href, yanked: yanked === true, ...Object.fromEntries(known) }];
}
