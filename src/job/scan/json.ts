import type { ScannedServer } from '#pipeline/scan/scanned.ts';
import type { Report } from './report.ts';

/** A scan as `--json` prints it. */
export function scanJson({ scan, findings, drifts }: Report): object {
  const { clients, files, broken, sandbox, warnings, seconds } = scan;
  return {
    clients: clients.map(({ client, title, servers, combinations }) => ({
      client,
      title,
      servers: servers.map(serverJson),
      combinations: combinations.map(({ legs, ...rest }) => ({
        ...rest,
        legs: legs.map(({ tools, ...leg }) => ({
          ...leg,
          tools: tools.map(({ server, tool }) => ({ server: server.id, tool })),
        })),
      })),
    })),
    files,
    broken,
    findings: findings.map(({ place, ...rest }) => ({ ...rest, ...(place && { place }) })),
    drifts,
    sandbox,
    warnings,
    seconds,
  };
}

function serverJson({ server, compared, ...one }: ScannedServer): object {
  const { visit } = server;
  return {
    ...one,
    ...(visit?.artefact && { artefact: visit.artefact }),
    ...(visit && { context: visit.context ?? null, attempts: visit.attempts, rejections: visit.rejections }),
    tools: server.tools.map(({ definition, provenance, fingerprint, assessment }) => ({
      ...definition,
      provenance,
      fingerprint,
      verdict: assessment!.verdict,
    })),
    ...(compared && { catalogue: compared }),
  };
}
