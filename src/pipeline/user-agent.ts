import type { Settings } from '#config.ts';
import manifest from '../../package.json' with { type: 'json' };

/** How we introduce ourselves to every host that we ask, and where to complain. */
export function userAgent({ contact }: Pick<Settings, 'contact'>): string {
  return `plimsoll/${manifest.version} (+${contact})`;
}
