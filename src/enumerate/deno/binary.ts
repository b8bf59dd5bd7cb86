import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The package that holds Deno's binary for this machine, as the npm package `deno` names them. */
function packageName(): string {
  const { platform, arch } = process;
  if (platform !== 'linux') return `@deno/${platform}-${arch}`;
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return `@deno/linux-${arch}-${report.header?.glibcVersionRuntime ? 'glibc' : 'musl'}`;
}

let found: string | null | undefined;

/** Where npm put Deno's binary, or undefined: it is an optional dependency. */
export function denoBinary(): string | undefined {
  if (found === undefined) {
    try {
      const require = createRequire(import.meta.url);
      const folder = dirname(require.resolve(`${packageName()}/package.json`));
      found = ['deno', 'deno.exe', 'bin/deno'].map((name) => join(folder, name)).find(existsSync) ?? null;
    } catch {
      found = null;
    }
  }
  return found ?? undefined;
}
