import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Later } from '#core/errors.ts';
import { drain } from '#pipeline/drain.ts';
import { openQueue } from '#queue/open.ts';
import { freshEmbedded } from '../support/stores.ts';

const log = pino({ level: 'silent' });

test('what passes is done, what is asked later comes again, and a bug is told at the end', async () => {
  await using store = await freshEmbedded();
  await using queue = await openQueue(store, () => {});
  await queue.add('enumerate', ['good', 'later', 'bug']);
  const seen: string[] = [];
  const broken = await drain(
    queue,
    {
      enumerate: {
        concurrency: 2,
        async handle({ subject, tries, last }) {
          seen.push(`${subject} ${tries}${last ? ' last' : ''}`);
          if (subject === 'later' && tries === 0) throw new Later('not yet', 0);
          if (subject === 'bug') throw new Error('no such thing');
        },
      },
    },
    { log, stop: new AbortController().signal },
  );
  expect(broken).toEqual([{ stage: 'enumerate', subject: 'bug', error: 'no such thing' }]);
  expect(seen.filter((one) => one.startsWith('good'))).toEqual(['good 0']);
  expect(seen.filter((one) => one.startsWith('later'))).toEqual(['later 0', 'later 1']);
  expect(seen.filter((one) => one.startsWith('bug'))).toEqual(['bug 0', 'bug 1', 'bug 2', 'bug 3 last']);
  expect((await queue.dead()).map((one) => one.subject)).toEqual(['bug']);
});

test('on stop nothing new is taken and what was given up waits for the next run', async () => {
  await using store = await freshEmbedded();
  await using queue = await openQueue(store, () => {});
  await queue.add('enumerate', ['a', 'b', 'c']);
  const stop = new AbortController();
  const seen: string[] = [];
  await drain(
    queue,
    {
      enumerate: {
        concurrency: 1,
        async handle({ subject }) {
          seen.push(subject);
          stop.abort(new Error('stop'));
          stop.signal.throwIfAborted();
        },
      },
    },
    { log, stop: stop.signal },
  );
  expect(seen).toHaveLength(1);
  expect(await queue.open('enumerate')).toBe(3);
  expect((await queue.take('enumerate', 5)).map((job) => job.tries)).toEqual([0, 0, 0]);
});

test('what a database did not take is put back as often as that is so, and costs no try', async () => {
  await using store = await freshEmbedded();
  await using queue = await openQueue(store, () => {});
  await queue.add('enumerate', ['a']);
  const tries: number[] = [];
  const broken = await drain(
    queue,
    {
      enumerate: {
        concurrency: 1,
        async handle(job) {
          if (tries.push(job.tries) <= 3)
            throw Object.assign(new Error('could not extend file'), { code: '53100', severity: 'ERROR' });
        },
      },
    },
    { log, stop: new AbortController().signal },
  );
  expect(broken).toEqual([]);
  expect(tries).toEqual([0, 0, 0, 0]);
});

test('while there is no room behind a stage nothing of it is taken up', async () => {
  await using store = await freshEmbedded();
  await using queue = await openQueue(store, () => {});
  await queue.add('enumerate', ['a', 'b']);
  await queue.add('classify', ['x', 'y']);
  const seen: string[] = [];
  const handle = async ({ subject }: { readonly subject: string }) => void seen.push(subject);
  const mayTake = async () => (await queue.open('classify')) === 0;
  const around = { log, stop: new AbortController().signal };
  await drain(queue, { enumerate: { concurrency: 2, mayTake, handle }, classify: { concurrency: 1, handle } }, around);
  expect(seen.slice(0, 2).sort()).toEqual(['x', 'y']);
  expect(seen.slice(2).sort()).toEqual(['a', 'b']);
});
