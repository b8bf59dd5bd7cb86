import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../hints/read-text.ts';
import { canonicalName } from './wheels.ts';

/** An installed distribution: where it says of itself what it is, and the programs that it names. */
export interface Distribution {
  /** Name of its `.dist-info` folder. */
  readonly info: string;
  readonly name: string;
  /** The long description, which is its README. */
  readonly description: string;
  readonly license?: string;
  /** `name = module:object` of its console scripts, likeliest server first. */
  readonly scripts: readonly Script[];
  /** Its own Python files, relative to the folder that it is installed in. */
  readonly files: readonly string[];
}

export interface Script {
  readonly name: string;
  readonly module: string;
  /** What of the module is called; none for a package that is run as a whole. */
  readonly object?: string;
}

const TEXT_MAX = 1_000_000;
const FILES_MAX = 20_000;
const PATH = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
/** Programs that change the user's machine instead of serving. */
const NO_SERVER = /(^|[-_])(setup|remove|uninstall|install|init|login|migrate|config(ure)?)$/i;

/** Reads the distribution of a project out of the folder that it was installed or unpacked into. */
export async function readDistribution(site: string, project: string): Promise<Distribution | undefined> {
  for (const info of (await readdir(site).catch(() => [])).filter((name) => name.endsWith('.dist-info'))) {
    const metadata = (await readText(join(site, info, 'METADATA'), TEXT_MAX))?.replaceAll('\r\n', '\n');
    const name = /^Name:[ \t]*(\S+)/m.exec(metadata ?? '')?.[1];
    if (metadata === undefined || name === undefined || canonicalName(name) !== project) continue;
    const at = metadata.indexOf('\n\n');
    const points = (await readText(join(site, info, 'entry_points.txt'), TEXT_MAX)) ?? '';
    const record = (await readText(join(site, info, 'RECORD'), 20 * TEXT_MAX)) ?? '';
    const files = record
      .split('\n')
      .map((line) => line.replace(/,[^,]*,[^,]*$/, ''))
      .filter((path) => /^[^/"].*\.pyi?$/.test(path) && !path.split('/').includes('..'))
      .slice(0, FILES_MAX);
    const scripts = rank(consoleScripts(points), project);
    const whole = files.find((path) => path === `${project.replaceAll('-', '_')}/__main__.py`);
    return {
      info,
      name: project,
      description: at < 0 ? '' : metadata.slice(at + 2),
      ...licenseOf(at < 0 ? metadata : metadata.slice(0, at)),
      scripts: scripts.length > 0 || !whole ? scripts : [{ name: project, module: project.replaceAll('-', '_') }],
      files,
    };
  }
  return undefined;
}

/** The licence by the headers of METADATA: an expression (PEP 639), else a short text of the old field, else a classifier. */
function licenseOf(headers: string): { readonly license?: string } {
  const text =
    /^License-Expression:[ \t]*(\S.*)$/m.exec(headers)?.[1] ??
    /^License:[ \t]*(?!UNKNOWN$)(\S.{0,40})$/m.exec(headers)?.[1] ??
    /^Classifier: License :: (?:OSI Approved :: )?(\S.*)$/m.exec(headers)?.[1];
  return text === undefined ? {} : { license: text.trim().slice(0, 100) };
}

/** The console scripts of an `entry_points.txt`; what is not written as one is left out. */
export function consoleScripts(text: string): readonly Script[] {
  const scripts: Script[] = [];
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1]?.trim() ?? section;
    const [, name = '', module = '', object = ''] =
      /^\s*([\w.-]+)\s*=\s*([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?\s*$/.exec(line) ?? [];
    if (section === 'console_scripts' && PATH.test(module) && PATH.test(object)) scripts.push({ name, module, object });
  }
  return scripts;
}

function rank(scripts: readonly Script[], project: string): readonly Script[] {
  const score = ({ name }: Script) => (canonicalName(name) === project ? 0 : /mcp|server/i.test(name) ? 1 : 2);
  return scripts.filter(({ name }) => !NO_SERVER.test(name)).toSorted((a, b) => score(a) - score(b));
}

/** The file in a tree that starts a script. */
export function runnerOf({ name }: Script): string {
  return `run/${name}.py`;
}

/**
 * Writes the file that starts each script. Not the one that pip makes, which names an interpreter by its path: these
 * find the packages by where they themselves lie, so that any sandbox may put the tree anywhere.
 */
export async function writeRunners(tree: string, scripts: readonly Script[]): Promise<void> {
  await mkdir(join(tree, 'run'), { recursive: true });
  for (const script of scripts) await writeFile(join(tree, runnerOf(script)), runner(script));
}

function runner({ name, module, object }: Script): string {
  const call = object === undefined ? WHOLE : CALL.replace('OBJECT', JSON.stringify(object));
  return `${HEAD}sys.argv[0] = ${JSON.stringify(name)}\n${call.replaceAll('MODULE', JSON.stringify(module))}`;
}

const HEAD = `import os, site, sys
here = os.path.dirname(os.path.abspath(__file__))
known = [path for path in sys.path if os.path.abspath(path or ".") != here]
packages = os.path.join(os.path.dirname(here), "site")
sys.path[:] = []
site.addsitedir(packages)
sys.path += [path for path in known if path not in sys.path]
`;
const CALL = `from importlib import import_module
target = import_module(MODULE)
for part in OBJECT.split("."):
    target = getattr(target, part)
sys.exit(target())
`;
const WHOLE = `from runpy import run_module
run_module(MODULE, run_name="__main__", alter_sys=True)
`;
