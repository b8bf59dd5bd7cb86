import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ToolDefinition } from '#domain/tool.ts';

const file = join(import.meta.dirname, '../../../shared/corpus/servers.jsonl.gz');
/** Whether the corpus of real servers lies beside the project. */
export const hasCorpus = existsSync(file);

/** A real server as it lists itself. */
export interface Listing {
  readonly server: string;
  readonly tools: readonly ToolDefinition[];
}

/** 2,499 real servers with 23,105 tools; none where the corpus is missing. */
export function corpus(): readonly Listing[] {
  if (!hasCorpus) return [];
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as Listing);
}
