import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadExporters } from '#publish/formats/exporter.ts';
import { folder, PUBLISHED_IDS, published } from './engines/published.ts';
import { policies } from './policies.ts';

const exporters = await loadExporters();
const RUNS = 50;

describe.skipIf(!existsSync(folder))(
  `published schemas${existsSync(folder) ? '' : ' (skipped: no shared data)'}`,
  () => {
    test.each(PUBLISHED_IDS)('%s keeps it', (id) => {
      const { wrong } = published(id);
      fc.assert(
        fc.property(policies, (all) => {
          for (const { text } of exporters.get(id)!.write(all).files) expect(wrong(text), text).toBe(undefined);
        }),
        { numRuns: RUNS },
      );
    });

    test('a file of another format is refused by all', () => {
      for (const id of PUBLISHED_IDS)
        expect(published(id).valid({ permissions: { allow: ['nothing'] }, rules: 1, spec: 1, mcpServers: 1 })).toBe(
          false,
        );
    });
  },
);
