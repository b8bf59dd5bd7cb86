import { posix, win32 } from 'node:path';

/** The machine and the person whose configurations are looked for: all that their places depend on. */
export interface Around {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Home folder, and the folder whose workspace is meant; absolute, as the platform writes paths. */
  readonly home: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Joins parts as the platform does. */
export function join({ platform }: Pick<Around, 'platform'>, ...parts: readonly string[]): string {
  return (platform === 'win32' ? win32 : posix).join(...parts);
}

/** A path below the home folder, or below the folder that a variable names in its place. */
export function inHome(around: Around, ...parts: readonly string[]): string {
  return join(around, around.home, ...parts);
}

/** A path below the workspace. */
export function inWorkspace(around: Around, ...parts: readonly string[]): string {
  return join(around, around.workspace, ...parts);
}

/** Where desktop programs keep their files: `%APPDATA%`, `~/Library/Application Support`, `$XDG_CONFIG_HOME`. */
export function inAppData(around: Around, ...parts: readonly string[]): string {
  const { platform, env } = around;
  if (platform === 'win32') return join(around, env.APPDATA || inHome(around, 'AppData', 'Roaming'), ...parts);
  if (platform === 'darwin') return inHome(around, 'Library', 'Application Support', ...parts);
  return inConfig(around, ...parts);
}

/** `$XDG_CONFIG_HOME`, which programs of Linux take, and some on macOS. */
export function inConfig(around: Around, ...parts: readonly string[]): string {
  return join(around, around.env.XDG_CONFIG_HOME || inHome(around, '.config'), ...parts);
}
