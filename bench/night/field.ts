import { sha256 } from '#core/hash.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { corpus } from '../../test/support/corpus.ts';
import type { RegistryEntry } from '../../test/support/mcp-registry.ts';
import calibration from './calibration.json' with { type: 'json' };
import type { Calibration, Measured } from './mix.ts';

/** Of servers, one in so many has a new version on the second night. */
export const CHANGED = 100;
const { visits } = calibration as Calibration;
/** Packages that were visited, and the visits to each: the first installed it. */
const measured = [...Map.groupBy(visits, ({ purl }) => purl).values()];
/** As each is in the corpus of real servers; of every further copy the descriptions say so, so that no two are the same. */
const servers = corpus();

/** What a server of the simulated field does when it is visited. */
export interface Simulated {
  readonly version: string;
  readonly tools: readonly ToolDefinition[];
  /** Of one package that was really visited: the one that installed it, and one that found it installed. */
  readonly cold: Measured;
  readonly warm: Measured;
}

/** The server of this number on this night (1 or 2). The same number is always the same server. */
export function simulated(number: number, night: number): Simulated {
  const visits = measured[draw(number, 'package') % measured.length]!;
  const [cold, ...warm] = visits;
  return {
    version: versionOn(number, night),
    tools: toolsOf(number, night),
    cold: cold!,
    warm: warm[draw(number, 'visit') % warm.length] ?? cold!,
  };
}

/** All servers as the official registry lists them on this night. */
export function entries(count: number, night: number): RegistryEntry[] {
  return Array.from({ length: count }, (_, number) => {
    const name = `bench-${number}`;
    const version = versionOn(number, night);
    return {
      server: {
        name: `io.github.bench/${name}`,
        version,
        description: `Server ${number} of a simulated field, as ${servers[number % servers.length]!.server}`,
        packages: [{ registryType: 'npm', identifier: name, version, transport: { type: 'stdio' } }],
      },
      updatedAt: new Date(Date.UTC(2026, 9, version === '1.0.0' ? 1 : 2) + number).toISOString(),
    };
  });
}

/** The number of a server by its package. */
export function numberOf(purl: string): number {
  return Number(purl.replace('pkg:npm/bench-', ''));
}

function versionOn(number: number, night: number): string {
  return night > 1 && number % CHANGED === 7 ? '1.1.0' : '1.0.0';
}

function toolsOf(number: number, night: number): readonly ToolDefinition[] {
  const { tools } = servers[number % servers.length]!;
  const copy = Math.floor(number / servers.length);
  const marks = [...(copy > 0 ? [`copy ${copy}`] : []), ...(versionOn(number, night) === '1.0.0' ? [] : ['changed'])];
  if (marks.length === 0) return tools;
  return tools.map((tool) => ({ ...tool, description: `${tool.description ?? ''} (${marks.join(', ')})` }));
}

function draw(number: number, what: string): number {
  return Number.parseInt(sha256(`${what} ${number}`).slice(0, 8), 16);
}
