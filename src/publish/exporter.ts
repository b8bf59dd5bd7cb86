import { join } from 'node:path';
import { plugins } from '#core/plugins.ts';
import type { Policy } from '#domain/policy.ts';

/** Writes a policy in the words of one gateway. One file each in `exporters/`; the id is the file's name. */
export interface Exporter {
  readonly id: string;
  readonly title: string;
  readonly mediaType: string;
  /** File name extension, without the dot. */
  readonly extension: string;
  /** The same bytes for the same policy. Throws where the result would not be valid in its own format. */
  write(policy: Policy): string;
}

/** All exporters by id, in order of id. */
export async function loadExporters(): Promise<ReadonlyMap<string, Exporter>> {
  const all = await plugins<Exporter>(join(import.meta.dirname, 'exporters'));
  return new Map(all.map((exporter) => [exporter.id, exporter]));
}
