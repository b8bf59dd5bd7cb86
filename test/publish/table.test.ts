import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Abilities, type Exporter, loadExporters } from '#publish/formats/exporter.ts';
import { PROOFS } from './engines/proofs.ts';

const exporters = await loadExporters();
const README = join(import.meta.dirname, '../../README.md');

/** One row of the table that says what each format can say and what stands behind it. */
function row({ id, can }: Exporter): string {
  const limit = (({ limit: ability }: Abilities) =>
    ability ? `${ability.windows.join(', ')}${ability.several ? '' : ', one'}` : '–')(can);
  const cells = [
    `\`${id}\``,
    can.allow ? 'yes' : 'asks',
    limit,
    can.approve.join(', ') || '–',
    can.deny ? (can.hide ? 'deny, hide' : 'deny') : 'asks',
    can.unlisted === 'deny' ? 'denied' : 'asks',
    can.arguments.join(', ') || '–',
    can.pin ? 'yes' : '–',
    PROOFS[id],
  ];
  return `| ${cells.join(' | ')} |`;
}

test('the table of formats in the README is what the exporters say of themselves and what their tests ask', () => {
  expect(Object.keys(PROOFS).sort()).toEqual([...exporters.keys()].sort());
  const table = [
    '| format | allow | limit | approve | deny | not named | arguments | pin | proof |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...[...exporters.values()].map(row),
  ].join('\n');
  const found = /<!-- formats -->\n([\s\S]*?)\n<!-- \/formats -->/.exec(readFileSync(README, 'utf8'))?.[1];
  expect(found).toBe(table);
});
