import type { CatalogueServer } from '#domain/catalogue.ts';
import type { AcrossCombination } from '#recommend/across.ts';
import type { Entry } from '#setup/entry.ts';
import type { BrokenConfig, ConfigFile } from '#setup/gather.ts';
import type { Compared } from './catalogue.ts';

/** One server of a setup after it was looked at. Nothing in it is the user's own, whatever the server said. */
export interface ScannedServer {
  /** `client:file:name`, the same on every machine that has the file in the same place. */
  readonly id: string;
  readonly entry: Pick<Entry, 'client' | 'file' | 'scope' | 'name' | 'project' | 'line' | 'column'>;
  /** Its file as people write it: relative to the workspace, or below `~`. */
  readonly place: string;
  /** What was started or asked. */
  readonly runs: string;
  /** `disabled` where its client would not start it either. */
  readonly outcome: 'listed' | 'wants-credentials' | 'refused' | 'failed' | 'disabled';
  readonly reason?: string;
  readonly detail?: string;
  /** Names of what it wants and was not given. */
  readonly wants: readonly string[];
  readonly notes: readonly string[];
  /** False where whatever is newest is run; absent where that is no question. */
  readonly pinned?: boolean;
  /** The server as the catalogue would have it; `id` and `slug` are the id above. */
  readonly server: CatalogueServer;
  readonly compared?: Compared;
}

/** All servers of one client together: what one agent has at hand. */
export interface ClientSetup {
  readonly client: string;
  readonly title: string;
  readonly servers: readonly ScannedServer[];
  readonly combinations: readonly AcrossCombination[];
}

export interface Scan {
  readonly clients: readonly ClientSetup[];
  readonly files: readonly ConfigFile[];
  readonly broken: readonly (BrokenConfig & { readonly place: string })[];
  readonly sandbox: string;
  readonly seconds: number;
  /** What could not be done, in sentences. */
  readonly warnings: readonly string[];
}

/** All servers of a scan, in order. */
export function serversOf({ clients }: Pick<Scan, 'clients'>): readonly ScannedServer[] {
  return clients.flatMap(({ servers }) => servers);
}
