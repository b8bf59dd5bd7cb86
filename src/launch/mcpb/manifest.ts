import { z } from 'zod';
import type { Runtime } from '#domain/launch.ts';
import type { Input } from '#domain/server.ts';
import { soundsSecret } from '../hints/inputs.ts';

const Words = z.array(z.string().max(2_000)).max(100).catch([]);
const Command = z.object({
  command: z.string().max(500).catch(''),
  args: Words,
  env: z.record(z.string(), z.coerce.string()).catch({}),
});
const Asked = z.object({
  type: z.string().catch('string'),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  required: z.boolean().catch(false),
  sensitive: z.boolean().catch(false),
  default: z.unknown().optional(),
});
const Manifest = z.object({
  name: z.string().min(1).max(200),
  version: z.string().min(1).max(100),
  license: z.string().max(100).optional().catch(undefined),
  server: z.object({
    type: z.enum(['node', 'python', 'binary', 'uv']),
    entry_point: z.string().max(500).catch(''),
    mcp_config: Command.extend({
      platform_overrides: z.record(z.string(), Command.partial()).catch({}),
    }).optional(),
  }),
  user_config: z.record(z.string(), Asked).catch({}),
});

/** What a bundle's `manifest.json` says of itself (MCPB 0.1 to 0.4). */
export type BundleManifest = z.output<typeof Manifest>;

/** Reads a manifest; undefined where it is none. */
export function readManifest(text: string): BundleManifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data;
  } catch {
    return undefined;
  }
}

/** How a bundle is started: its program by its path in the bundle, arguments and variables as far as they are fixed. */
export interface BundleStart {
  readonly runtime: Runtime;
  readonly entry: string;
  readonly args: readonly string[];
  readonly inputs: readonly Input[];
  /** Folders of the bundle in which its Python packages lie. */
  readonly paths: readonly string[];
}

const RUNTIMES: Readonly<Record<string, Runtime>> = { node: 'node', python: 'python', uv: 'python', binary: 'native' };
const HERE = /^\$\{__dirname\}[/\\]/;
const PLACEHOLDER = /\$\{[^}]*\}/;
/** How the bundle names this machine's kind of system. */
const PLATFORM = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';

/**
 * The start that a manifest means, or undefined where it names none inside the bundle. Settings of the user's become
 * inputs: an option that wants one is left out, since none of them is known here.
 */
export function bundleStart({ server, user_config: asked }: BundleManifest): BundleStart | undefined {
  const plain = server.mcp_config ?? { command: '', args: [], env: {}, platform_overrides: {} };
  const own = plain.platform_overrides[PLATFORM] ?? {};
  const command = own.command ?? plain.command;
  const args = own.args ?? plain.args;
  const { PYTHONPATH: path = '', ...env } = { ...plain.env, ...own.env };
  const runtime = RUNTIMES[server.type]!;
  const named = runtime === 'native' ? [command, ...args] : args;
  const at = named.findIndex((word) => HERE.test(word) && (runtime === 'native' || /\.(m?js|cjs|py)$/i.test(word)));
  const entry = inside(at >= 0 ? named[at]!.replace(HERE, '') : server.entry_point.replace(HERE, ''));
  if (entry === undefined) return undefined;
  // With `python -m package` there is no file to follow; what stands before the file is the interpreter's own.
  const after = at >= 0 ? named.slice(at + 1) : [];
  const paths = path.split(/[:;]/).flatMap((one) => (HERE.test(one) ? (inside(one.replace(HERE, '')) ?? []) : []));
  return { runtime, entry, args: literal(after), inputs: inputsOf(env, asked), paths };
}

/** The arguments without those that want a setting, or a folder of the user's, and without the options before them. */
function literal(args: readonly string[]): readonly string[] {
  return args.filter((arg, index) => {
    const next = args[index + 1];
    const opens = /^--?\w[\w-]*$/.test(arg) && next !== undefined && PLACEHOLDER.test(next);
    return !PLACEHOLDER.test(arg) && !opens;
  });
}

/** Variables that the manifest sets: to a setting of the user's, with what it says of that, or to a fixed value. */
function inputsOf(env: Readonly<Record<string, string>>, asked: BundleManifest['user_config']): readonly Input[] {
  return Object.entries(env).map(([name, value]) => {
    const key = /^\$\{user_config\.([\w.-]+)\}$/.exec(value.trim())?.[1];
    const setting = key !== undefined && Object.hasOwn(asked, key) ? asked[key] : undefined;
    if (!setting) {
      const fixed = !PLACEHOLDER.test(value) && !soundsSecret(name);
      return { name, ...(fixed && { default: value.slice(0, 200) }) };
    }
    const about = setting.description ?? setting.title;
    const initial = /^(string|number|boolean)$/.test(typeof setting.default) ? String(setting.default) : undefined;
    const known = initial !== undefined && !PLACEHOLDER.test(initial) && !setting.sensitive;
    const format = { number: 'number', boolean: 'boolean', file: 'filepath', directory: 'filepath' }[setting.type];
    return {
      name,
      ...(about !== undefined && { description: about.slice(0, 500) }),
      ...(setting.required && { required: true }),
      ...(setting.sensitive && { secret: true }),
      ...(known && { default: initial.slice(0, 200) }),
      ...(format !== undefined && { format }),
    };
  });
}

/** A path in plain form; undefined where it is empty, absolute or leads out of the bundle. */
function inside(path: string): string | undefined {
  const steps = path
    .replaceAll('\\', '/')
    .split('/')
    .filter((step) => step !== '' && step !== '.');
  const leads =
    path.startsWith('/') || steps.some((step) => step === '..' || /[\0:]/.test(step) || PLACEHOLDER.test(step));
  return leads || steps.length === 0 ? undefined : steps.join('/');
}

/**
 * A Python program that starts another one of the bundle with its packages at hand. It finds them by where it lies itself,
 * so that any sandbox may put the tree anywhere.
 */
export function bundleRunner({ entry, paths }: Pick<BundleStart, 'entry' | 'paths'>): string {
  return `import os, runpy, sys
bundle = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bundle")
entry = os.path.join(bundle, ${JSON.stringify(entry)})
sys.path[:1] = [os.path.dirname(entry)] + [os.path.join(bundle, path) for path in ${JSON.stringify(paths)}]
sys.argv[0] = entry
runpy.run_path(entry, run_name="__main__")
`;
}
