import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Missing } from '#core/errors.ts';
import { REASONS } from '#domain/freshness.ts';
import { patience } from '#pipeline/patience.ts';
import { inTurns } from '#pipeline/turns.ts';
import { isDatabaseAway } from '#store/engine/away.ts';

test('no source starves another, whatever its size, and reasons go before turns', () => {
  const due = [
    ...Array.from({ length: 400 }, (_, i) => ({ id: `big-${i}`, reason: 'new' as const })),
    ...Array.from({ length: 5 }, (_, i) => ({ id: `small-${i}`, reason: 'new' as const })),
    { id: 'wanted', reason: 'requested' as const },
  ];
  const sources = new Map(due.map(({ id }) => [id, [id.split('-')[0]!]]));
  const order = [...inTurns(due, sources)].sort((a, b) => b.priority - a.priority).map(({ subject }) => subject);
  expect(order[0]).toBe('wanted');
  expect(order.slice(1, 11).filter((id) => id.startsWith('small'))).toHaveLength(5);
});

test('when the kth server of a source is visited, every other source has had k - 1, or all that it has', () => {
  const server = fc.record({
    reason: fc.constantFrom(...REASONS),
    sources: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(server, { maxLength: 60 }), (servers) => {
      const due = servers.map(({ reason }, i) => ({ id: `${i}`, reason }));
      const sources = new Map(servers.map((one, i) => [`${i}`, one.sources.length > 0 ? one.sources : ['none']]));
      const order = [...inTurns(due, sources)].sort((a, b) => b.priority - a.priority);
      for (const reason of REASONS) {
        const served = new Map<string, number>();
        const all = order.map(({ subject }) => subject).filter((id) => due[Number(id)]!.reason === reason);
        // A server that several sources list takes the place of the one in whose list it comes first.
        const lists = (source: string) =>
          due.filter((one) => one.reason === reason && sources.get(one.id)!.includes(source)).map(({ id }) => id);
        for (const id of all) {
          const turn = Math.min(...sources.get(id)!.map((source) => lists(source).indexOf(id) + 1));
          for (const other of new Set([...sources.values()].flat()))
            expect(served.get(other) ?? 0).toBeGreaterThanOrEqual(Math.min(turn - 1, lists(other).length));
          for (const one of sources.get(id)!) served.set(one, (served.get(one) ?? 0) + 1);
        }
      }
    }),
  );
});

test('a database that is away is told from a question that is wrong', () => {
  const error = (code: string, message = 'x') => Object.assign(new Error(message), { code });
  for (const code of [
    'ECONNREFUSED',
    'CONNECTION_CLOSED',
    '57P01',
    '57P03',
    '53100',
    '53300',
    '08006',
    '40P01',
    '25006',
  ])
    expect(isDatabaseAway(new Error('Failed query', { cause: error(code) })), code).toBe(true);
  expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
  for (const code of ['23505', '42703', '22P02', 'ENOENT', 'ERR_X'])
    expect(isDatabaseAway(error(code)), code).toBe(false);
});

test('a call waits for a database that comes back, and not for ever for one that does not', async () => {
  const around = { log: pino({ level: 'silent' }), stop: new AbortController().signal };
  const away = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
  let calls = 0;
  expect(await patience(around, 60_000).wait(() => (++calls < 3 ? away() : Promise.resolve('back')))).toBe('back');
  expect(calls).toBe(3);
  await expect(patience(around, 0).wait(away)).rejects.toThrow(Missing);
  await expect(patience(around, 60_000).wait(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  expect(await patience({ ...around, stop: AbortSignal.abort() }, 60_000).wait(away)).toBeUndefined();
});
