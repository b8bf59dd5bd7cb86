import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { gather } from '#enumerate/gather.ts';
import { LIMITS, type Limits } from '#enumerate/limits.ts';
import { peerOver } from '#enumerate/peer.ts';
import type { Ending } from '#enumerate/sandbox.ts';
import { stdioTransport } from '#enumerate/transport.ts';

/** A program that says what a test lets it say. */
async function talk(limits: Partial<Limits> = {}) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let killed = 0;
  const kill = () => {
    killed++;
    resolve({ code: null, signal: 'SIGKILL' });
  };
  const transport = stdioTransport(
    {
      stdin,
      stdout,
      stderr,
      ended,
      kill,
      places: [
        ['/home/op/run-1', '/home/u'],
        ['/home/op', '/srv'],
      ],
      cpuTime: () => 0,
      peakMemory: () => undefined,
    },
    { ...LIMITS, ...limits },
  );
  const heard: unknown[] = [];
  let closed = 0;
  transport.onmessage = (message) => void heard.push(message);
  transport.onclose = () => void closed++;
  await transport.start();
  const settle = () => new Promise((done) => setTimeout(done, 20));
  return {
    transport,
    stdin,
    stdout,
    stderr,
    heard,
    settle,
    end: () => resolve({ code: 0, signal: null }),
    counts: () => ({ killed, closed }),
  };
}

const message = (id: number, text = '') => ({ jsonrpc: '2.0', id, result: { text } });
const line = (id: number, text = '') => `${JSON.stringify(message(id, text))}\n`;

describe('the transport', () => {
  test('reads messages however they are cut, also within a character', async () => {
    const { stdout, heard, settle } = await talk();
    const bytes = Buffer.from(`${line(1, 'Ärger 名前 🎉')}\r\n\n${line(2)}`);
    for (const byte of bytes) stdout.write(Buffer.of(byte));
    stdout.write(line(3) + line(4).slice(0, 10));
    stdout.write(line(4).slice(10));
    await settle();
    expect(heard).toEqual([message(1, 'Ärger 名前 🎉'), message(2), message(3), message(4)]);
  });

  test('hears of places by what stands for them', async () => {
    const { stdout, heard, settle } = await talk();
    stdout.write(line(1, 'in /home/op/run-1/x and "/home/op"'));
    await settle();
    expect(heard).toEqual([message(1, 'in /home/u/x and "/srv"')]);
  });

  test('passes over what is no message', async () => {
    const { stdout, heard, settle, transport } = await talk();
    for (const junk of [
      'Listening…',
      '{',
      'null',
      '[]',
      '"x"',
      '7',
      '{"jsonrpc":"1.0","id":1}',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":{}}',
      '\0\x1b[31m',
    ])
      stdout.write(`${junk}\n`);
    stdout.write(line(1));
    await settle();
    expect(heard).toEqual([message(1)]);
    expect(transport.flooded()).toBeUndefined();
  });

  test('reads messages with more in them than the standard has', async () => {
    const { stdout, heard, settle } = await talk();
    const odd = [
      { ...message(1), error: null, took: 7 },
      { jsonrpc: '2.0', id: 2, error: { code: -1, message: { no: 'text' } } },
      { jsonrpc: '2.0', id: null, method: 'x' },
    ];
    for (const one of odd) stdout.write(`${JSON.stringify(one)}\n`);
    await settle();
    expect(heard).toEqual([
      odd[0],
      { id: 2, error: { code: -1, message: '[object Object]' } },
      { method: 'x', params: {} },
    ]);
  });

  test('ends what writes too much, too many lines, or too much on standard error, once', async () => {
    const floods = [
      ['stdout', { stdout: 1000 }, 'stdout', 'x'.repeat(1001)],
      ['stdout', { lines: 10 }, 'stdout', '\n'.repeat(11)],
      ['stderr', { stderr: 1000 }, 'stderr', 'x'.repeat(1001)],
    ] as const;
    for (const [stream, limits, where, text] of floods) {
      const program = await talk(limits);
      program[stream].write(text);
      program[stream].write(text);
      program.stdout.write(line(1));
      await program.settle();
      expect(program.transport.flooded()).toBe(where);
      expect([program.transport.gone(), program.heard]).toEqual([true, []]);
      expect(program.counts()).toEqual({ killed: 1, closed: 1 });
    }
  });

  test('keeps the end of standard error', async () => {
    const { stderr, transport, settle } = await talk();
    for (let i = 0; i < 400; i++) stderr.write(`${i} ${'x'.repeat(1000)}\n`);
    stderr.write('the end');
    await settle();
    expect(transport.stderr()).toHaveLength(64 * 1024);
    expect(transport.stderr().endsWith('the end')).toBe(true);
  });

  test('tells an end of the program from one of the conversation', async () => {
    const [left, right] = [await talk(), await talk()];
    left.end();
    await left.settle();
    expect([left.transport.gone(), left.counts().closed]).toEqual([true, 1]);
    const closing = right.transport.close();
    expect(right.transport.gone()).toBe(false);
    await closing;
    expect(right.counts()).toEqual({ killed: 1, closed: 1 });
    await expect(right.transport.send({ jsonrpc: '2.0', method: 'late' })).resolves.toBeUndefined();
  });
});

describe('a conversation', () => {
  test('with a program that ended is over at once, whatever is asked next', async () => {
    const { transport, stdout, end, settle } = await talk();
    const peer = await peerOver(transport);
    const first = peer.request('one', {}, 60_000);
    stdout.write(line(7));
    stdout.write(line(1, 'yes'));
    expect(await first).toEqual({ text: 'yes' });
    const second = expect(peer.request('two', {}, 60_000)).rejects.toThrow('closed');
    end();
    await settle();
    await second;
    await expect(peer.request('three', {}, 60_000)).rejects.toThrow('closed');
  });
});

describe('gathering', () => {
  test('of single bytes costs what they weigh', () => {
    const kept = gather();
    const began = performance.now();
    const byte = Buffer.of(120);
    for (let i = 0; i < 4_000_000; i++) kept.add(byte);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(kept.length).toBe(4_000_000);
    expect(kept.bytes().every((one) => one === 120)).toBe(true);
  });

  test('and trimming keep the last bytes', () => {
    const kept = gather();
    kept.add(Buffer.from('hello '));
    kept.add(Buffer.from('world'));
    kept.trim(20);
    expect(kept.bytes().toString()).toBe('hello world');
    kept.trim(5);
    expect(kept.bytes().toString()).toBe('world');
    kept.add(Buffer.from('!'));
    expect(kept.bytes().toString()).toBe('world!');
    kept.trim(0);
    kept.add(Buffer.from('new'));
    expect([kept.length, kept.bytes().toString()]).toEqual([3, 'new']);
  });
});
