import { expect, test } from 'vitest';
import { readSettings } from '#config.ts';
import { knownSecrets } from '#observe/known.ts';
import { openLog, within } from '#observe/log.ts';
import { PLANTED } from '../support/planted.ts';

function written(known: readonly string[], write: (log: ReturnType<typeof openLog>) => unknown) {
  const lines: string[] = [];
  write(openLog({ write: (line) => void lines.push(line) }, { level: 'trace', known }));
  return lines;
}

test.each(Object.entries(PLANTED))('%s is in no line, whatever brings it', (_, { text, core }) => {
  const lines = written([], (log) => {
    log.info(text);
    log.info('with %s', text);
    log.warn({ where: { deep: [text] } }, 'field');
    log.error({ error: new Error(text, { cause: new Error(text) }) }, 'error');
    log.error(new Error(text));
    log.child({ about: text }).info('child');
    within({ stage: 'enumerate', server: text }, () => log.info('scope'));
  });
  expect(lines).toHaveLength(7);
  for (const line of lines) JSON.parse(line);
  expect(lines.join('')).not.toContain(JSON.stringify(core).slice(1, -1));
});

test('names that only hold secrets are written without their value', () => {
  const lines = written([], (log) =>
    log.info({ settings: { llmApiKey: 'plain', password: 'words' }, env: { A: 'b' }, headers: ['x'], tokens: 12 }, 'x'),
  );
  expect(JSON.parse(lines[0]!)).toMatchObject({
    settings: { llmApiKey: '[secret]', password: '[secret]' },
    env: '[secret]',
    headers: '[secret]',
    tokens: 12,
  });
});

test("the process's own secrets are known by their value, whatever they look like", () => {
  const settings = readSettings({
    DATABASE_URL: 'postgres://app:oh%20my@db.example/plimsoll',
    PLIMSOLL_LLM_KEY: 'correct horse',
    PLIMSOLL_ALARM_URL: 'https://chat.example/hooks/plainwords',
    PLIMSOLL_NPM_REGISTRY_URL: 'https://me:mirrorword@registry.example/',
  });
  const lines = written(knownSecrets(settings), (log) => {
    log.info('the service said: bad key correct horse; asked https://chat.example/hooks/plainwords');
    log.error({ error: new Error('password oh my is wrong') }, 'mirrorword');
  });
  expect(lines.join('')).not.toMatch(/correct horse|plainwords|oh my|mirrorword/);
});

test('every line of a stage bears its run and its server, also where another runs beside it', async () => {
  const lines: string[] = [];
  const log = openLog({ write: (line) => void lines.push(line) }, { level: 'info', known: [] });
  const visit = (server: string) =>
    within({ run: 3, stage: 'enumerate', server }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      log.info({ of: server }, 'visited');
    });
  await Promise.all([visit('npm:a'), visit('npm:b')]);
  log.info('after');
  const [a, b, after] = lines.map((line) => JSON.parse(line));
  for (const [line, server] of [
    [a, 'npm:a'],
    [b, 'npm:b'],
  ])
    expect(line).toMatchObject({ run: 3, stage: 'enumerate', server, of: server });
  expect(after).not.toHaveProperty('server');
});
