import { hostname, userInfo } from 'node:os';

/** Who types this, for the record; in a container the user may have no name. */
export function whoAsks(): string {
  const host = hostname();
  try {
    return `${userInfo().username}@${host}`;
  } catch {
    return `uid ${process.getuid?.() ?? '?'}@${host}`;
  }
}
