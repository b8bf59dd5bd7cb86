import { expect, test } from 'vitest';
import { combinationsAcross } from '#recommend/across.ts';
import { lastLegsAcross } from '#recommend/last-legs-across.ts';
import { recommend } from '#recommend/recommend.ts';
import { catalogueServer, evidence, type SampleTool } from './sample.ts';

function server(id: string, tools: readonly (readonly [SampleTool, string])[]) {
  const made = catalogueServer(
    tools.map(([tool]) => tool),
    { id, slug: id },
  );
  return {
    ...made,
    tools: made.tools.map((one, at) => {
      const [tool, facet] = tools[at]!;
      const facets = { [facet]: { value: true, evidence: [evidence(tool, `facet:${facet}`, tool.name, 'a sample')] } };
      return { ...one, assessment: { ...one.assessment!, verdict: { ...one.assessment!.verdict, facets } } };
    }),
  };
}
const reads = [{ name: 'read_mail', category: 'Read' }, 'reads-untrusted-content'] as const;
const rights = (name: string) => [{ name, category: 'Write', risk: 'medium' }, 'touches-permissions'] as const;

const mail = server('mail', [reads]);
const admin = server('admin', [rights('grant')]);

test('a tool that completes what another server begins waits for a person, and says with which', () => {
  const legs = lastLegsAcross(combinationsAcross([mail, admin]));
  expect([...legs.keys()]).toEqual(['admin']);
  const [sentence] = legs.get('admin')!.get('grant')!;
  expect(sentence).toMatch(
    /beside this server 'read_mail' of mail reads what strangers wrote, and this tool changes perm/,
  );
  expect(recommend(admin, 'recommended').tools.grant).not.toHaveProperty('approve');
  const rule = recommend(admin, 'recommended', {}, legs.get('admin')).tools.grant!;
  expect(rule.approve).toBeDefined();
  expect(rule.why).toContain(sentence);
});

test('what a server makes alone is told by its own policy, what others add to it by theirs', () => {
  const whole = server('whole', [reads, rights('permit')]);
  const legs = lastLegsAcross(combinationsAcross([whole, admin]));
  expect([...legs.keys()]).toEqual(['admin']);
  expect(recommend(whole, 'recommended').tools.permit!.approve).toBeDefined();
});
