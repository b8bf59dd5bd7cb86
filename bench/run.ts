import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** One figure of a benchmark; `ratio` is to a `baseline` measured in the same run. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly baseline?: number;
  readonly ratio?: number;
}

export type Bench = (report: (figure: Figure) => void) => Promise<void>;

const known = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'run')
  .sort();
const [name] = process.argv.slice(2);
if (!name || !known.includes(name)) {
  process.stderr.write(`usage: npm run bench -- NAME, where NAME is one of: ${known.join(', ')}\n`);
  process.exit(2);
}
const { default: bench } = (await import(pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href)) as {
  default: Bench;
};
await bench((figure) => process.stdout.write(`${JSON.stringify(figure)}\n`));
