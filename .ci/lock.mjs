// Adds to package-lock.json the optional packages of other platforms that the lock names but does not hold.
// npm leaves them out when the registry it asked did not have them (a partial mirror, say), and then `npm ci` refuses
// the lock everywhere: "Missing: X from lock file". What is added is never installed on the platform that wrote it.
// Run it after every npm install: npm run lock. With --check it changes nothing and fails if something is missing.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const { packages } = lock;

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const MACHINES = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Where Node would find `name` from the package at `from`. */
function find(from, name) {
  for (let folder = from; ; ) {
    const at = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[at]) return at;
    if (folder === '') return undefined;
    const cut = folder.lastIndexOf('/node_modules/');
    folder = cut === -1 ? '' : folder.slice(0, cut);
  }
}

/** The one version that a spec of a platform's package means: these are exact, or the lowest of a range. */
const version = (spec) => /\d+\.\d+\.\d+[\w.+-]*/.exec(spec)?.[0];

const added = [];
for (const [from, { optionalDependencies = {}, dev }] of Object.entries(packages))
  for (const [name, spec] of Object.entries(optionalDependencies)) {
    if (find(from, name)) continue;
    const words = name.replace(/^.*\//, '').split(/[-_.]/);
    const os = SYSTEMS.filter((one) => words.includes(one) || (one === 'darwin' && name === 'fsevents'));
    const cpu = MACHINES.filter((one) => words.includes(one) || (one === 'arm' && words.some((word) => /^arm(v\d|eabi)/.test(word))));
    const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') || words.includes('glibc') ? ['glibc'] : undefined;
    added.push(`${name}@${spec}`);
    packages[`node_modules/${name}`] = {
      version: version(spec),
      ...(cpu.length > 0 && { cpu }),
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
  }

if (process.argv.includes('--check')) {
  if (added.length > 0) process.stderr.write(`package-lock.json lacks ${added.join(', ')}. Run: npm run lock\n`);
  process.exit(added.length > 0 ? 1 : 0);
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added.length} packages of other platforms added\n${added.map((one) => `  ${one}\n`).join('')}`);
