import cliProgress from 'cli-progress';
import type { Progress } from '#pipeline/progress.ts';

const QUIET_MS = 10_000;

/**
 * Shows how far each stage is: a bar a stage on a terminal, else a line now and then.
 * Always on standard error, so that standard output stays the result's.
 */
export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress & Disposable {
  return stream.isTTY ? bars(stream) : lines(stream);
}

function bars(stream: NodeJS.WriteStream): Progress & Disposable {
  const all = new cliProgress.MultiBar(
    {
      stream,
      format: '{stage} {bar} {value}/{total} {note}',
      barsize: 28,
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
      gracefulExit: false,
      barCompleteChar: '█',
      barIncompleteChar: '░',
    },
    cliProgress.Presets.shades_classic,
  );
  const known = new Map<string, cliProgress.SingleBar>();
  return {
    report(stage, done, total, note = '') {
      const bar = known.get(stage) ?? all.create(total, done, { stage: stage.padEnd(10), note });
      known.set(stage, bar);
      bar.setTotal(Math.max(total, 1));
      bar.update(total === 0 ? 1 : done, { note: note.slice(0, 60) });
    },
    say: (text) => all.log(`${text}\n`),
    [Symbol.dispose]: () => all.stop(),
  };
}

function lines(stream: NodeJS.WriteStream): Progress & Disposable {
  const stages = new Map<string, { at: number; said: string; now: string }>();
  const write = (text: string) => void stream.write(`${text}\n`);
  return {
    report(stage, done, total, note = '') {
      const now = `${stage} ${done}/${total}${note && `, ${note}`}`;
      const known = stages.get(stage) ?? { at: 0, said: '', now };
      stages.set(stage, { ...known, now });
      if (Date.now() - known.at < QUIET_MS || known.said === now) return;
      stages.set(stage, { at: Date.now(), said: now, now });
      write(now);
    },
    say: write,
    [Symbol.dispose]: () => {
      for (const { said, now } of stages.values()) if (said !== now) write(now);
    },
  };
}
