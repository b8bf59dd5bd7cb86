import { definitionFingerprint } from '#core/definition.ts';
import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { accessOf, type Category, type Evidence, type Risk, STARTING_RISK } from '#domain/verdict.ts';

const SEEN = new Date('2026-11-19T03:00:00Z');

/** A piece of evidence whose quote stands verbatim in the definition's name or description. */
export function evidence(tool: ToolDefinition, says: Evidence['says'], words: string, because: string): Evidence {
  const field = tool.name.includes(words) ? 'name' : 'description';
  const start = (tool[field] ?? '').indexOf(words);
  if (start < 0) throw new Error(`'${words}' does not stand in ${tool.name}`);
  const quote = { field: `/${field}`, start, end: start + words.length, text: words };
  return { signal: 'sample', says, weight: 0.8, because, quote };
}

export interface SampleTool extends ToolDefinition {
  readonly category?: Category;
  readonly risk?: Risk;
  readonly evidence?: readonly Evidence[];
  readonly provenance?: 'listed' | 'static';
}

export function catalogueTool({
  category,
  risk,
  evidence: given,
  provenance,
  ...definition
}: SampleTool): CatalogueTool {
  const fingerprint = definitionFingerprint(definition);
  return {
    definition,
    fingerprint,
    provenance: provenance ?? 'listed',
    firstSeen: new Date('2026-11-01T03:00:00Z'),
    lastSeen: SEEN,
    ...(category && {
      assessment: {
        fingerprint,
        siblings: 's',
        rules: 'r1',
        prompt: '',
        model: '',
        assessedAt: SEEN,
        verdict: {
          category,
          access: accessOf(category),
          risk: risk ?? STARTING_RISK[category],
          confidence: 0.93,
          evidence: given ?? [evidence(definition, category, definition.name, `the name says ${category}`)],
          facets: {},
        },
      },
    }),
  };
}

export function catalogueServer(tools: readonly SampleTool[], more: Partial<CatalogueServer> = {}): CatalogueServer {
  return {
    id: 'srv_0001',
    slug: 'example/files',
    name: 'io.example/files',
    title: 'Example Files',
    description: 'Reads and changes files.',
    packages: [{ purl: 'pkg:npm/%40example/files', version: '1.2.3' }],
    remotes: [],
    firstSeen: new Date('2026-11-01T03:00:00Z'),
    lastSeen: SEEN,
    sources: ['registry', 'starter'],
    visit: {
      at: SEEN,
      outcome: 'listed',
      wants: [],
      rejections: [],
      artefact: {
        purl: 'pkg:npm/%40example/files@1.2.3',
        name: '@example/files',
        version: '1.2.3',
        integrity: 'sha512-x',
      },
      context: { args: [], envNames: [], sandbox: 'bubblewrap', profile: 'p1' },
      protocolVersion: '2025-11-25',
      attempts: [],
      ms: 812,
    },
    tools: tools.map(catalogueTool),
    ...more,
  };
}

/** Names that a careless program turns into something else. */
export const HOSTILE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '"quoted"',
  "it's",
  'line\nbreak',
  'nul\u0000led',
  'right\u202eleft',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  'a/b/c',
  'per%2Fcent',
  'sp ace',
  '..',
  '.',
  '-',
  '文件_读取',
  'ملف',
  'getUser',
  'getuser',
  '10',
  '9',
  'x'.repeat(300),
  '\u001b[31mred',
  'lone\ud800',
  '{{7*7}}',
  'javascript:alert(1)',
  'con',
  'index.html',
  '~',
];
