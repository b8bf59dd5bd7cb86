import { PAGES, type Placed } from '../registry.ts';
import { FACES, type Face } from './address.ts';
import type { Key } from './paths.ts';

export interface FoundPage extends Placed {
  readonly key: Key;
  readonly face: Face | 'html';
  /** The address has a slash at its end that does not belong there. */
  readonly loose: boolean;
}

const FACE = new RegExp(`\\.(${FACES.join('|')})$`);

/** The kind of page that a raw live address is of, with its key; undefined where it is of none. */
export function findPage(raw: string): FoundPage | undefined {
  const loose = raw.length > 1 && raw.endsWith('/');
  const whole = loose ? raw.slice(0, -1) : raw;
  const face = FACE.exec(whole)?.[1] as Face | undefined;
  const stem = face ? whole.slice(0, -face.length - 1) : whole;
  const address = face && stem === '/index' ? '/' : stem;
  for (const { page, path } of PAGES.values()) {
    const key = path.match(address);
    if (key) return { page, path, key, face: face ?? 'html', loose };
  }
  return undefined;
}
