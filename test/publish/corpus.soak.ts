import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROFILES } from '#domain/policy.ts';
import { loadExporters } from '#publish/formats/exporter.ts';
import { labelsOf } from '#publish/formats/label.ts';
import { recommend } from '#recommend/recommend.ts';
import { assessedCorpus } from '../../bench/export/catalogue.ts';
import { hasCorpus } from '../support/corpus.ts';
import { ENGINES } from './engines/all.ts';
import { fault, readable } from './engines/fault.ts';
import { folder, PUBLISHED_IDS, published } from './engines/published.ts';

const exporters = await loadExporters();
const servers = await assessedCorpus();
const policies = PROFILES.flatMap((profile) => servers.map((one) => recommend(one, profile)));
/** Faults that are told of before a format is given up. */
const TOLD = 10;

describe.skipIf(!hasCorpus)(`every server of the corpus${hasCorpus ? '' : ' (skipped: no shared data)'}`, () => {
  test.each([...exporters.values()].map((one) => [one.id, one] as const))('%s', (id, exporter) => {
    const schema = existsSync(folder) && PUBLISHED_IDS.includes(id) ? published(id) : undefined;
    const faults: string[] = [];
    let decided = 0;
    for (const policy of policies) {
      if (faults.length >= TOLD) break;
      const { files, losses } = exporter.write([policy]);
      expect(files).toHaveLength(1);
      const { text } = files[0]!;
      const wrong = schema?.wrong(text);
      if (wrong !== undefined) faults.push(`${policy.server}, ${policy.profile}: ${wrong}`);
      const decide = ENGINES[id]!(text);
      const label = labelsOf([policy]).get(policy)!;
      for (const [tool, { definition }] of Object.entries(policy.tools)) {
        if (!readable(tool, id)) continue;
        const what = fault(policy, tool, decide({ label, tool, definition }), exporter.can, losses, false);
        decided++;
        if (what !== undefined) faults.push(`${policy.server}, ${policy.profile}, ${tool}: ${what}`);
      }
      const { does } = decide({ label, tool: 'a_tool_that_nobody_has', definition: '0'.repeat(64) });
      if (does === 'allow') faults.push(`${policy.server}, ${policy.profile}: allows what it does not name`);
    }
    expect(faults).toEqual([]);
    expect(decided).toBeGreaterThan(80_000);
  });
});
