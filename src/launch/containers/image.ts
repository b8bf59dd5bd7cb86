import { z } from 'zod';
import { askEngine, type Engine } from '#core/engine.ts';
import { registryName } from '#core/registry-name.ts';

/** What an engine says of an image that it holds. */
export interface LocalImage {
  /** SHA-256 of its configuration, in hex: what it consists of and how it is started. */
  readonly digest: string;
  readonly bytes: number;
  readonly license?: string;
  /** ISO date on which it was made. */
  readonly created?: string;
  /** Names of the official registry that it says are its own. */
  readonly bears: readonly string[];
}

const Inspected = z.object({
  Id: z.string().regex(/^(sha256:)?[0-9a-f]{64}$/),
  Size: z.number().catch(0),
  Created: z.iso.datetime({ offset: true }).optional().catch(undefined),
  Config: z
    .object({ Labels: z.record(z.string(), z.string()).nullish() })
    .nullish()
    .catch(undefined),
});
/** The label by which an image says under which licence it is (OCI image annotations). */
const LICENSE = 'org.opencontainers.image.licenses';
/** The label by which an image says which name of the official registry is its own, as that registry checks it. */
const NAME = 'io.modelcontextprotocol.server.name';

/** A reference as engines read it: by digest where the version is one, else by tag. */
export function referenceOf(name: string, version: string): string {
  return version.startsWith('sha256:') ? `${name}@${version}` : `${name}:${version}`;
}

/** The image that the engine holds under a reference; undefined where it holds none. Nothing is fetched. */
export async function localImage(engine: Pick<Engine, 'program'>, reference: string): Promise<LocalImage | undefined> {
  const { code, stdout } = await askEngine(engine, ['image', 'inspect', '--format', '{{json .}}', '--', reference]);
  const read = code === 0 ? Inspected.safeParse(parse(stdout)).data : undefined;
  if (!read) return undefined;
  const license = read.Config?.Labels?.[LICENSE];
  return {
    digest: read.Id.replace('sha256:', ''),
    bytes: read.Size,
    ...(license && { license }),
    ...(read.Created && { created: read.Created }),
    bears: [registryName(read.Config?.Labels?.[NAME]) ?? []].flat(),
  };
}

/** Docker answers with what is asked for, Podman with a list of it. */
function parse(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    return Array.isArray(answer) ? answer[0] : answer;
  } catch {
    return undefined;
  }
}
