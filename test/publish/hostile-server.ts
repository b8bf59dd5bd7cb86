import type { CatalogueServer } from '#domain/catalogue.ts';
import { CATEGORIES } from '#domain/verdict.ts';
import { catalogueServer, evidence, HOSTILE_NAMES, type SampleTool } from '../recommend/sample.ts';

/** What leaves every context that a careless template puts it into. */
export const ATTACK =
  '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u0000\u001b[2J</bdi></pre></title></style>';

/** A server whose every word attacks the page that shows it. */
export function hostileServer(): CatalogueServer {
  const tools: SampleTool[] = HOSTILE_NAMES.map((name, at) => {
    const tool = { name, description: `${ATTACK} ${name}` };
    const category = at % 7 !== 0 ? CATEGORIES[at % CATEGORIES.length]! : undefined;
    return {
      ...tool,
      title: ATTACK,
      inputSchema: {
        type: 'object',
        properties: { [ATTACK]: { type: ATTACK, description: ATTACK, enum: [ATTACK] }, path: { type: 'string' } },
        required: [ATTACK],
      },
      annotations: { readOnlyHint: true, title: ATTACK },
      provenance: at % 5 === 0 ? 'static' : 'listed',
      ...(category && { category, evidence: [evidence(tool, category, name || ATTACK, ATTACK)] }),
    };
  });
  const sample = catalogueServer([]);
  return catalogueServer(tools, {
    slug: `evil/${ATTACK}/..`,
    name: ATTACK,
    title: ATTACK,
    description: ATTACK,
    homepage: 'javascript:alert(1)',
    repository: { url: `https://example.com/${ATTACK}`, subfolder: ATTACK },
    packages: [{ purl: ATTACK }],
    remotes: [{ type: 'sse', url: 'data:text/html,<script>alert(1)</script>' }],
    visit: {
      ...sample.visit!,
      outcome: 'failed',
      phase: 'list',
      reason: ATTACK,
      detail: ATTACK,
      wants: [ATTACK],
      rejections: [{ index: 0, name: ATTACK, reason: ATTACK }],
      artefact: { purl: ATTACK, name: ATTACK, version: ATTACK, integrity: ATTACK, license: ATTACK },
      context: { args: [ATTACK], envNames: [ATTACK], sandbox: ATTACK, profile: ATTACK },
      protocolVersion: ATTACK,
    },
  });
}

const LONG = 'x'.repeat(20_000);
const MARKS = `a${'\u0301'.repeat(2_000)}`;

/** Definitions that are valid and huge: a page must neither break nor grow without bound. */
export function hugeTools(): readonly SampleTool[] {
  const named = (name: string, more: Omit<SampleTool, 'name'> = {}): SampleTool => ({
    name,
    category: 'Execute',
    ...more,
  });
  const properties = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`parameter_${at}`, { type: 'string', description: '"&<'.repeat(800) }]),
  );
  let deep: object = { type: 'string' };
  for (let depth = 0; depth < 200; depth++) deep = { type: 'object', properties: { [`d${depth}`]: deep } };
  return [
    ...Array.from({ length: 30 }, (_, at) => named(`${at}${'文'.repeat(150)}`)),
    named('long', { description: LONG, title: LONG.slice(0, 5_000) }),
    named(`n${'_very_long_name'.repeat(60)}`, { description: '\u202e'.repeat(20_000) }),
    named('wide', {
      description: `${MARKS} ${'文'.repeat(20_000)}`,
      inputSchema: { type: 'object', properties } as never,
    }),
    named('deep', { description: '"'.repeat(20_000), inputSchema: { type: 'object', properties: { deep } } as never }),
    named('choices', {
      inputSchema: {
        type: 'object',
        properties: { [LONG]: { enum: Array(500).fill(LONG), description: LONG } },
      } as never,
    }),
    named('right_to_left', { description: 'ملف '.repeat(3_000), title: 'ملف\u2066' }),
  ];
}
