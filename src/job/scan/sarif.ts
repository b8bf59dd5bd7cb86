import { pathToFileURL } from 'node:url';
import type { ArtifactLocation, Log, Result } from 'sarif';
import { sha256 } from '#core/hash.ts';
import { visible } from '#core/visible.ts';
import { FINDINGS, type Finding, type FindingKind } from '#pipeline/scan/findings.ts';
import manifest from '../../../package.json' with { type: 'json' };
import type { Report } from './report.ts';

const LEVELS = { unknown: 'error', critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
/** How GitHub ranks findings of security: a number of CVSS's kind. */
const SCORES = { unknown: '9.0', critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' } as const;
/** More results than this GitHub does not take of one run. */
const RESULTS_MAX = 5000;

/**
 * A scan as SARIF 2.1.0. A result stands at the server's line in its configuration; `root` is the folder to which places
 * are relative, those outside of it are whole. What stands in no file has no place.
 */
export function scanSarif({ scan, findings }: Report, root: string): Log {
  const base = pathToFileURL(root.endsWith('/') ? root : `${root}/`).href;
  const kinds = Object.keys(FINDINGS) as FindingKind[];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Plimsoll',
            version: manifest.version,
            semanticVersion: manifest.version,
            informationUri: 'https://github.com/plimsoll/plimsoll',
            rules: kinds.map((id) => ({
              id,
              shortDescription: { text: FINDINGS[id] },
              fullDescription: { text: `${FINDINGS[id]}.` },
              properties: { tags: ['security', 'mcp'] },
            })),
          },
        },
        originalUriBaseIds: { ROOT: { uri: base } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: scan.broken.length === 0,
            toolExecutionNotifications: scan.warnings.map((text) => ({
              level: 'warning',
              message: { text: visible(text) },
            })),
          },
        ],
        results: findings.slice(0, RESULTS_MAX).map((one) => resultOf(one, kinds.indexOf(one.kind), base)),
      },
    ],
  };
}

function resultOf({ kind, severity, text, server, tool, place }: Finding, ruleIndex: number, base: string): Result {
  const about = [server, tool]
    .filter(Boolean)
    .map((one) => visible(one!))
    .join(' ');
  return {
    ruleId: kind,
    ruleIndex,
    level: LEVELS[severity],
    // Links of SARIF stand in brackets: nobody's text is to be one.
    message: { text: visible(`${about ? `${about}: ` : ''}${text}`).replace(/[[\]]/g, '\\$&') },
    ...(place && {
      locations: [
        {
          physicalLocation: {
            artifactLocation: located(place.file, base),
            region: { startLine: place.line, startColumn: place.column },
          },
          ...(server !== undefined && { logicalLocations: [{ fullyQualifiedName: visible(about), kind: 'member' }] }),
        },
      ],
    }),
    // The same finding in the next run, wherever it stands in the file then.
    partialFingerprints: {
      'plimsoll/v1': sha256(
        JSON.stringify([kind, server ?? place?.shown ?? '', tool ?? '', ...(kind === 'combination' ? [text] : [])]),
      ),
    },
    properties: { severity, 'security-severity': SCORES[severity] },
  };
}

function located(file: string, base: string): ArtifactLocation {
  const uri = pathToFileURL(file).href;
  return uri.startsWith(base) ? { uri: uri.slice(base.length), uriBaseId: 'ROOT' } : { uri };
}
