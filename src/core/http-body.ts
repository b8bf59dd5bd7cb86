import type { Response } from 'undici';
import { TooLarge, textFiles } from './archive.ts';
import { SourceUnreachable } from './errors.ts';
import { Passing } from './http-failure.ts';

/** The text of an answer, of at most so many bytes. */
export async function bounded(url: URL, response: Response, bytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > bytes) throw new SourceUnreachable(`${url.host} sent more than ${bytes} bytes at ${url.pathname}`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Large enough for archives, whose text unpacks to several times their size. */
const INFLATION = 4;

/** The files of an archive whose path matches, as a JSON list of path and text. */
export async function unpacked(url: URL, response: Response, bytes: number, wanted: RegExp): Promise<string> {
  if (response.status === 304 || !response.body) return '[]';
  try {
    return JSON.stringify([...(await textFiles(response.body, wanted, bytes * INFLATION))]);
  } catch (error) {
    if (error instanceof TooLarge) throw new SourceUnreachable(`${url.host} sent ${error.message} at ${url.pathname}`);
    if (
      (error as { tarCode?: string }).tarCode === undefined &&
      !/^(Z_|ERR_Z)/.test(String((error as { code?: string }).code))
    )
      throw error;
    throw new Passing('sent an archive that breaks off or is malformed', undefined, error);
  }
}

/** The value of a JSON text; a page in its place will not pass, a text that breaks off may. */
export function parsed(url: URL, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (body.trimStart().startsWith('<'))
      throw new SourceUnreachable(`${url.host} answered with a page instead of JSON at ${url.pathname}`);
    throw new Passing('sent JSON that breaks off or is malformed', undefined, error);
  }
}
