import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openYard, sandboxNamed, visit, type Yard } from './support.ts';

const { sandbox, refusal } = await sandboxNamed('bubblewrap');
const why = refusal ?? (existsSync('/usr/bin/python3') ? undefined : 'there is no /usr/bin/python3 on this machine');
if (why !== undefined) console.info(`skipped: Python in bubblewrap: ${why}`);

describe.skipIf(why !== undefined)('a Python server in bubblewrap', () => {
  let yard: Yard;
  beforeAll(async () => {
    yard = await openYard();
  });
  afterAll(() => yard[Symbol.asyncDispose]());

  test('is listed, and the hosts are told that it wanted to reach, but for its own', async () => {
    const found = await visit(yard, sandbox, 'reaches-out', { python: true });
    expect([found.outcome, found.tools.map(({ name }) => name)], JSON.stringify(found)).toEqual(['listed', ['snake']]);
    expect(found.attempts.map(({ egress }) => egress)).toEqual([
      [{ host: 'telemetry.invalid', port: 443 }, { host: '192.0.2.7', port: 8080 }, { host: 'names.invalid' }],
    ]);
    expect(found.context?.aids).toBeUndefined();
    expect(JSON.stringify(found.attempts)).not.toContain('plimsoll-egress');
  });

  test('finds a file of credentials where a made-up value says that there is one', async () => {
    const found = await visit(yard, sandbox, 'wants-file', { python: true, limits: { attempts: 8 } });
    expect([found.outcome, found.attempts.map(({ rung }) => rung)], JSON.stringify(found)).toEqual([
      'listed',
      ['S0', 'S1'],
    ]);
    expect([found.context?.envNames, found.context?.aids]).toEqual([['KUBECONFIG'], ['fake-file']]);
  });
});
