import { expect, test } from 'vitest';
import { combinationsAcross } from '#recommend/across.ts';
import { catalogueServer, evidence } from './sample.ts';

const reads = { name: 'read_mail', description: 'Reads mail from strangers', category: 'Read' as const };
const runs = { name: 'run', description: 'Runs code', category: 'Execute' as const };

function server(id: string, tool: typeof reads | typeof runs, facet: string) {
  const made = catalogueServer([tool], { id, slug: id });
  const [one] = made.tools;
  const shown = [evidence(tool, `facet:${facet}`, tool.name, 'a sample')];
  const verdict = { ...one!.assessment!.verdict, facets: { [facet]: { value: true, evidence: shown } } };
  return { ...made, tools: [{ ...one!, assessment: { ...one!.assessment!, verdict } }] };
}

test('tools of two servers make what none makes alone', () => {
  const [mail, shell] = [server('mail', reads, 'reads-untrusted-content'), server('shell', runs, 'runs-code')];
  expect(combinationsAcross([mail])).toEqual([]);
  expect(combinationsAcross([mail, shell, mail])).toMatchObject([
    {
      id: 'words-to-code',
      across: true,
      legs: [
        { tools: [{ server: { id: 'mail' }, tool: 'read_mail' }] },
        { tools: [{ server: { id: 'shell' }, tool: 'run' }] },
      ],
    },
  ]);
  const both = { ...mail, tools: [...mail.tools, ...shell.tools] };
  expect(combinationsAcross([both])).toMatchObject([{ id: 'words-to-code', across: false }]);
});
