import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { examineSandbox } from '#enumerate/choose.ts';
import type { GuaranteeId } from '#enumerate/sandbox.ts';
import { containerSandboxes } from '../support/containers.ts';

type Words = readonly string[];
const weakness = vi.hoisted(() => ({ now: undefined as ((words: Words) => Words) | undefined }));

// What the driver would ask the engine for if it forgot one thing.
vi.mock('#enumerate/container/flags.ts', async (original) => {
  const real = await original<typeof import('#enumerate/container/flags.ts')>();
  const createArguments = (...given: Parameters<typeof real.createArguments>) => {
    const words = real.createArguments(...given);
    const weak = weakness.now?.(words) ?? words;
    if (weakness.now && weak.join() === words.join()) throw new Error('nothing was forgotten');
    return weak;
  };
  return { ...real, createArguments };
});

// A home that anybody could enter, so that nothing but the sandbox stands before it.
const operator = vi.hoisted(() => ({ home: '' }));
vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  homedir: () => operator.home,
}));

let stage = '';
const { DOCKER_CONFIG } = process.env;
beforeAll(() => {
  for (const name of ['stage', 'home'] as const) {
    const folder = mkdtempSync(join(tmpdir(), `plimsoll-${name}-`));
    chmodSync(folder, 0o755);
    if (name === 'stage') stage = folder;
    else operator.home = folder;
  }
  // As behind a company's proxy: the client passes it on to everything that it starts, unless told not to.
  const config = join(operator.home, 'docker');
  mkdirSync(config);
  const proxies = { default: { httpProxy: 'http://somebody:secret@127.0.0.1:9', noProxy: 'internal.invalid' } };
  writeFileSync(join(config, 'config.json'), JSON.stringify({ proxies }));
  process.env.DOCKER_CONFIG = config;
});
afterEach(() => {
  weakness.now = undefined;
});
afterAll(() => {
  if (DOCKER_CONFIG === undefined) delete process.env.DOCKER_CONFIG;
  else process.env.DOCKER_CONFIG = DOCKER_CONFIG;
  for (const folder of [stage, operator.home]) rmSync(folder, { recursive: true });
});

/** Without an option and the word behind it. */
const without =
  (...options: Words) =>
  (words: Words): Words =>
    words.filter((word, at) => !options.includes(word) && !options.includes(words[at - 1] ?? ''));
const instead =
  (old: string | RegExp, now: string) =>
  (words: Words): Words =>
    words.map((word) => word.replace(old, now));
const more =
  (...extra: Words) =>
  (words: Words): Words => [...extra, ...words];
/** The machine's own network, and with it its loopback; the probe goes no further. */
const networked = (words: Words): Words => words.map((word, at) => (words[at - 1] === '--network' ? 'host' : word));
const unfiltered = instead(/^seccomp=.*/, 'seccomp=unconfined');

interface Hole {
  readonly hole: string;
  readonly breaks: readonly GuaranteeId[];
  readonly weaken: (words: Words) => Words;
  /** Only Docker's client has this hole. */
  readonly docker?: true;
}

const HOLES: readonly Hole[] = [
  {
    hole: 'the environment passed on',
    breaks: ['clean-environment'],
    weaken: more('--env', 'PLIMSOLL_SELF_TEST=must not be seen'),
  },
  {
    hole: "the operator's proxies passed on",
    breaks: ['clean-environment'],
    weaken: (words) => words.filter((word, at) => word !== '--env' && words[at - 1] !== '--env'),
    docker: true,
  },
  {
    hole: 'the home folder mounted',
    breaks: ['home-unreadable'],
    weaken: (words) => more('--mount', `type=bind,source=${operator.home},target=${operator.home},readonly`)(words),
  },
  { hole: 'the network shared', breaks: ['no-host-loopback', 'no-dns'], weaken: networked },
  { hole: 'no system call filter', breaks: ['no-vsock', 'no-nested-namespaces'], weaken: unfiltered },
  { hole: 'no bound on processes', breaks: ['forks-stopped'], weaken: without('--pids-limit') },
  { hole: 'no bound on memory', breaks: ['memory-stopped'], weaken: without('--memory', '--memory-swap') },
  { hole: 'scratch folders without a size', breaks: ['disk-bounded'], weaken: instead(/,size=\d+/, ',size=1g') },
  {
    hole: 'an image that can be written',
    breaks: ['writes-confined'],
    weaken: (words) => words.filter((word) => word !== '--read-only'),
  },
  {
    hole: 'root, and the settings of the kernel not made read-only',
    breaks: ['proc-sys-read-only'],
    weaken: (words) => more('--security-opt', 'systempaths=unconfined')(instead(/^65534:65534$/, '0:0')(words)),
  },
];

/** Each costs several starts of containers: a third of them here, all in the soak. */
const TRIED = HOLES.filter((_, at) => process.env.PLIMSOLL_CASES !== undefined || at % 3 === 0);

for (const { name, sandbox, refusal } of await containerSandboxes()) {
  if (refusal !== undefined) console.info(`skipped: container: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`a container of ${name}`, () => {
    test('is usable, and every guarantee is tried', async () => {
      const report = await examineSandbox(sandbox, stage);
      expect(report.reason).toBeUndefined();
      expect(report.usable).toBe(true);
      expect(report.checks.filter((check) => !check.held || !check.tested)).toEqual([]);
    });

    // Engines take the same words: one of them shows that the test fails closed, the other that it works there too.
    const holes = name === 'docker' ? TRIED : HOLES.filter((one) => !one.docker).slice(0, 3);
    test.each(holes)('is refused with $hole', async ({ breaks, weaken }) => {
      weakness.now = weaken;
      const report = await examineSandbox(sandbox, stage);
      expect(report.usable, JSON.stringify(report)).toBe(false);
      expect(report.reason).toContain('its self-test failed');
      for (const broken of breaks) {
        expect(report.reason).toContain(`${broken} (`);
        expect(report.checks.find((check) => check.name === broken)).toMatchObject({ held: false, tested: true });
      }
    });

    test('is refused where the engine sees other folders than the crawler', async () => {
      weakness.now = instead(/source=[^,]*self-test[^,]*/, `source=${operator.home}`);
      const empty = await examineSandbox(sandbox, stage);
      expect(empty).toMatchObject({ usable: false, reason: expect.stringContaining('the probe in it said nothing') });
      weakness.now = instead(/source=[^,]*self-test[^,]*/, 'source=/nowhere/at/all');
      const gone = await examineSandbox(sandbox, stage);
      expect(gone).toMatchObject({
        usable: false,
        reason: expect.stringContaining(`${name} did not make a container`),
      });
    });
  });
}
