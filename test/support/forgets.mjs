// Loaded into a crawler that is to forget one thing, so that what it starts outlives it: `--import forgets.mjs?ID`.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const FORGOTTEN = {
  bubblewrap: ['bubblewrap/start.ts', "'--die-with-parent', "],
  deno: ['sandboxes/deno.ts', "'--pdeathsig', 'KILL', "],
  container: ['sandboxes/container.ts', 'await keepContainers(engine);'],
};
const [file, words] = FORGOTTEN[new URL(import.meta.url).search.slice(1)];

registerHooks({
  load(url, context, next) {
    if (!url.endsWith(`src/enumerate/${file}`)) return next(url, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    if (!source.includes(words)) throw new Error(`${file} does not say ${words}`);
    return { format: 'module-typescript', source: source.replace(words, ''), shortCircuit: true };
  },
});
