import { visibleLine } from '#core/visible.ts';
import type { Unavailable } from '../resolver.ts';

/** What npm's error codes mean for us; the codes that pacote and npm share. */
const MEANING: Readonly<Record<string, readonly [reason: string, temporary: boolean]>> = {
  E404: ['not-found', false],
  ENOVERSIONS: ['no-version', false],
  ETARGET: ['no-version', false],
  E401: ['forbidden', false],
  E403: ['forbidden', false],
  EINTEGRITY: ['integrity', false],
  EALLOWGIT: ['git-dependency', false],
  EALLOWREMOTE: ['remote-dependency', false],
  EALLOWFILE: ['local-dependency', false],
  EALLOWDIRECTORY: ['local-dependency', false],
  EBADPLATFORM: ['platform', false],
  ERESOLVE: ['conflict', false],
  EUNSUPPORTEDPROTOCOL: ['remote-dependency', false],
  EINVALIDTAGNAME: ['no-version', false],
  EJSONPARSE: ['bad-manifest', false],
  TAR_BAD_ARCHIVE: ['bad-archive', false],
  Z_DATA_ERROR: ['bad-archive', false],
  ENOSPC: ['disk-full', true],
};

const NETWORK =
  /^(E429|E5\d\d|ECONN\w*|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|ERR_SOCKET_TIMEOUT|FETCH_ERROR|EIDLETIMEOUT|ERESPONSETIMEOUT|UND_ERR\w*)$/;

/** Puts an npm or pacote failure into our words. `said` is its message; it becomes one line of at most 300 characters. */
export function unavailable(phase: Unavailable['phase'], code: string, said: string): Unavailable {
  const [reason, temporary] = MEANING[code] ?? (NETWORK.test(code) ? ['network', true] : ['npm-failed', false]);
  // The operator's registry and proxy are nobody else's business; a refused dependency's address is the point.
  const shown = code.startsWith('EALLOW') ? said : said.replace(/\bhttps?:\/\/[^\s,"']+/g, 'the registry');
  const text = visibleLine(shown.replace(/\s+/g, ' ').trim()).slice(0, 300);
  return { phase, reason, detail: text === '' ? `npm says ${code}` : `${text} (${code})`, temporary };
}

/** The same for something thrown; what has no code of npm's is a bug and thrown on. */
export function unavailableFrom(phase: Unavailable['phase'], thrown: unknown): Unavailable {
  const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || /^ERR_(?!SOCKET)/.test(code)) throw thrown;
  return unavailable(phase, code, String(message));
}
