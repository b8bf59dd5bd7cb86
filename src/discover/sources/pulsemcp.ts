import { crawlRegistry } from '../registry-list.ts';
import { homeOf, type Source } from '../source.ts';

/** 200 requests a minute are answered. */
const politeness = { concurrency: 1, interval: 350 };

export default {
  id: 'pulsemcp',
  title: 'PulseMCP',
  terms: 'Listings from PulseMCP (pulsemcp.com), under the agreement that comes with the key of its API.',
  can: { sweep: true, recent: true },
  needs: ['pulsemcpKey', 'pulsemcpTenant'],
  politeness,
  discover: (options) => {
    const { pulsemcpKey = '', pulsemcpTenant = '' } = options.settings;
    const home = homeOf(options.settings, 'pulsemcp', 'https://api.pulsemcp.com');
    const headers = { 'x-api-key': pulsemcpKey, 'x-tenant-id': pulsemcpTenant };
    return crawlRegistry({ source: 'pulsemcp', home, politeness, headers }, options);
  },
} satisfies Source;
