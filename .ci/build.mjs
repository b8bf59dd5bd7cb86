// Builds the package that `npm pack` packs: dist/ holds src and jobs as JavaScript with types, and what they read beside
// them, as they lie in the sources. Node strips types of no file under node_modules, so sources alone would not run there.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });

const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { stdout, error } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--pretty', 'false'], {
  encoding: 'utf8',
  maxBuffer: 64e6,
});
if (error) throw error;
// TS2877 says that `#` imports keep their `.ts`: dist/package.json maps them.
const faults = stdout.split('\n').filter((line) => /error TS/.test(line) && !line.includes('TS2877'));
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(1);
}

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const imports = { '#*.ts': './src/*.js' };
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, type: 'module', imports }, null, 2)}\n`);

// The gold set is for measuring, and its readers have the sources.
const beside = globSync(['src/**/*.*', 'data/**/*.*', 'drizzle/**/*.{sql,json}'], {
  cwd: root,
  exclude: ['**/*.ts', 'data/gold/**'],
});
for (const file of beside) {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  cpSync(join(root, file), join(dist, file));
}

const { loadClassifier } = await import(join(root, 'src/classify/assess.ts'));
writeFileSync(join(dist, 'rules.txt'), (await loadClassifier()).rules);

// In words that every Node reads, for those that are too old for the rest.
const bin = join(dist, 'bin.cjs');
writeFileSync(
  bin,
  `#!/usr/bin/env node
'use strict';
var NEEDED = 24;
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write('plimsoll needs Node ' + NEEDED + ' or newer; this is ' + process.version + '.\\n');
  process.exitCode = 3;
} else {
  import('./src/cli.js');
}
`,
);
chmodSync(bin, 0o755);
