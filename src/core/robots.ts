import robotsParser from 'robots-parser';
import { SourceUnreachable } from './errors.ts';
import type { Ask, Http } from './http.ts';

interface Rules {
  isAllowed(url: string, agent: string): boolean | undefined;
  getCrawlDelay(agent: string): number | undefined;
}

// Its own types describe a module that it is not.
const parse = robotsParser as unknown as (url: string, text: string) => Rules;

/** The longest delay between two pages that is kept to; a host that asks for more is left alone. Milliseconds. */
const LONGEST_DELAY = 60_000;

/** Pages as their host's robots.txt allows them (RFC 9309). */
export interface Pages {
  /** The page at `url`. Rejects as `Http.text` does, and with `SourceUnreachable` where the host does not want it read. */
  page(url: URL, ask: Ask): Promise<string>;
}

/**
 * A reader of pages that asks each host for its robots.txt first, once. A host without one allows everything; one that
 * fails to answer allows nothing. A crawl delay that is longer than the declared interval takes its place.
 */
export function openPages(http: Http): Pages {
  const rules = new Map<string, Promise<Rules>>();

  async function fetchRules(host: URL, ask: Ask): Promise<Rules> {
    const url = new URL('/robots.txt', host);
    try {
      const text = await http.text(url, { ...ask, politeness: { ...ask.politeness, lane: 'robots' } });
      return parse(url.href, text.slice(0, 500 * 1024));
    } catch (error) {
      const { status = 0 } = error instanceof SourceUnreachable ? error : {};
      if (status >= 400 && status < 500 && status !== 429) return parse(url.href, '');
      throw error;
    }
  }

  return {
    async page(url, ask) {
      const known = rules.get(url.host) ?? fetchRules(url, ask);
      rules.set(url.host, known);
      const robots = await known;
      if (robots.isAllowed(url.href, http.userAgent) === false)
        throw new SourceUnreachable(`${url.host} does not want ${url.pathname} to be read, as its robots.txt says`);
      const delay = (robots.getCrawlDelay(http.userAgent) ?? 0) * 1000;
      if (delay > LONGEST_DELAY)
        throw new SourceUnreachable(`${url.host} wants ${delay / 1000} s between pages, which is too long to read it`);
      const interval = Math.max(ask.politeness.interval, delay);
      return http.text(url, { ...ask, politeness: { ...ask.politeness, interval } });
    },
  };
}
