import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { decideRisk } from '#classify/decide.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Category, Evidence, Risk } from '#domain/verdict.ts';

const classifier = await loadClassifier();
const category = (tool: ToolDefinition, siblings: readonly string[] = [tool.name]) =>
  classifier.assess(tool, siblings).category;

describe('names in any style and word order', () => {
  const cases: readonly (readonly [string, Category])[] = [
    ['list_invoices', 'Read'],
    ['getUserById', 'Read'],
    ['deployment-status', 'Read'],
    ['refund_eligibility', 'Read'],
    ['order.history', 'Read'],
    ['CreateIssue', 'Write'],
    ['labels.remove', 'Write'],
    ['unarchive_project', 'Write'],
    ['mail_send', 'Write'],
    ['fetch_and_store', 'Write'],
    ['restart-server', 'Execute'],
    ['triggerWorkflow', 'Execute'],
    ['acme_run_shell_command', 'Execute'],
    ['delete_repo', 'Destructive'],
    ['purgeQueue', 'Destructive'],
    ['payments.refund.create', 'Financial'],
    ['stake_tokens', 'Financial'],
    ['deletebranch', 'Destructive'],
  ];
  test.each(cases)('%s is %s', (name, expected) => {
    expect(category({ name })).toBe(expected);
  });
});

describe('descriptions', () => {
  const cases: readonly (readonly [string, string, Category])[] = [
    ['tool_a', 'Use this tool to send a message to a channel.', 'Write'],
    ['tool_b', 'Shows the open tickets. Do not use it to delete tickets.', 'Read'],
    ['tool_c', 'If the file is missing, creates it and writes the text.', 'Write'],
    ['manage_page', 'Manages pages (create, update, delete).', 'Destructive'],
    ['run_query', 'Runs a read-only SQL query.', 'Read'],
    ['tool_d', 'Permanently deletes a customer. This cannot be undone.', 'Destructive'],
    ['tool_e', 'Transfers USDC from your wallet to another address.', 'Financial'],
    ['tool_f', '删除指定的文件', 'Destructive'],
    ['tool_g', '新しいページを作成します。', 'Write'],
    ['tool_h', '주문 내역을 조회합니다', 'Read'],
    ['tool_i', 'Удаляет выбранную запись', 'Destructive'],
    ['tool_j', 'Actualiza los datos de un cliente', 'Write'],
    ['tool_k', 'Löscht einen Eintrag', 'Destructive'],
  ];
  test.each(cases)('%s: %s → %s', (name, description, expected) => {
    expect(category({ name, description })).toBe(expected);
  });
});

describe('arguments and siblings', () => {
  test('an action that may delete makes the tool destructive', () => {
    const inputSchema = { properties: { action: { enum: ['list', 'create', 'delete'] } } };
    expect(category({ name: 'manage_entries', inputSchema })).toBe('Destructive');
  });
  test('free SQL is Execute, a promise to read only is Read', () => {
    const inputSchema = { properties: { sql: { type: 'string' } } };
    expect(category({ name: 'database', description: 'Executes SQL on the database.', inputSchema })).toBe('Execute');
    expect(category({ name: 'database', description: 'Executes read-only SQL: only SELECT.', inputSchema })).toBe(
      'Read',
    );
  });
  test('a lookup that is put into a file is Write', () => {
    const inputSchema = { properties: { url: { type: 'string' }, output_path: { type: 'string' } } };
    expect(category({ name: 'fetch_page', description: 'Fetches a page and saves it to a file.', inputSchema })).toBe(
      'Write',
    );
  });
  test('a claim of the author does not turn a delete into a reading', () => {
    const tool = { name: 'delete_record', description: 'Deletes a record.', annotations: { readOnlyHint: true } };
    expect(category(tool)).toBe('Destructive');
  });
});

describe('servers that many start with', () => {
  const cases: readonly (readonly [ToolDefinition, readonly string[], Category])[] = [
    [
      {
        name: 'browser_drop',
        description: 'Drop files or MIME-typed data onto an element, as if dragged from outside.',
      },
      ['browser_click', 'browser_drag', 'browser_snapshot'],
      'Execute',
    ],
    [{ name: 'browser_drag', description: 'Perform drag and drop between two elements' }, ['browser_click'], 'Execute'],
    [{ name: 'browser_evaluate' }, ['browser_click', 'browser_snapshot', 'browser_close'], 'Execute'],
    [
      { name: 'open_nodes', description: 'Open specific nodes in the knowledge graph by their names' },
      ['create_entities', 'delete_entities', 'read_graph', 'search_nodes'],
      'Read',
    ],
    [
      {
        name: 'get_build_failure_logs',
        description:
          'This tool helps debug CircleCI build failures by retrieving failure logs. It should be used when a build fails. Provide either a project URL, or run and update the branch first.',
      },
      ['find_flaky_tests', 'run_pipeline'],
      'Read',
    ],
    [
      { name: 'transform_document', description: 'Transform the content of a document by instruction.' },
      ['create_document', 'patch_document', 'transform_document'],
      'Write',
    ],
    [
      { name: 'translate_document', description: 'Translate the content of a document into another language.' },
      ['create_document', 'patch_document', 'translate_document'],
      'Write',
    ],
    [{ name: 'chart_create', description: 'Create a new chart' }, ['chart_create', 'chart_delete'], 'Write'],
    [
      { name: 'create_chart', description: 'Create a chart from the given data' },
      ['create_chart', 'create_map'],
      'Read',
    ],
    [
      {
        name: 'write_query',
        description: 'Execute a non-SELECT SQL query',
        inputSchema: { properties: { query: {} } },
      },
      [],
      'Execute',
    ],
    [{ name: 'run_report_query', description: 'Run a SQL query, SELECT only' }, [], 'Read'],
    [{ name: 'sort_range', description: 'Sort a range of cells by a column.' }, [], 'Write'],
  ];
  test.each(cases.map(([tool, siblings, expected]) => [tool.name, tool, siblings, expected] as const))(
    '%s',
    (_, tool, siblings, expected) => {
      expect(category(tool, [...new Set([tool.name, ...siblings])])).toBe(expected);
    },
  );
  test('all variables of the environment are read at a higher risk', () => {
    const { category: said, risk } = classifier.assess(
      { name: 'get-env', description: 'Returns all environment variables, helpful for debugging' },
      ['get-env', 'echo'],
    );
    expect([said, risk]).toEqual(['Read', 'medium']);
  });
});

describe('what comes back is read', () => {
  test('a result that lists what was deleted tells of a delete', () => {
    const outputSchema = { properties: { deleted: { type: 'boolean' }, removedAt: {} } };
    const plain = classifier.assess({ name: 'handle_entry' }, ['handle_entry']);
    const told = classifier.assess({ name: 'handle_entry', outputSchema }, ['handle_entry']);
    expect(plain.evidence.some(({ says }) => says === 'Destructive')).toBe(false);
    expect(told.evidence.find(({ says }) => says === 'Destructive')?.quote.field).toBe(
      '/outputSchema/properties/deleted',
    );
  });
});

describe('risk moves by named reasons, two steps at most', () => {
  const reason = (signal: string, says: 'raises' | 'lowers', start: number): Evidence => ({
    signal,
    says,
    weight: 1,
    because: 'for the test',
    quote: { field: '/description', start, end: start + 1, text: 'x' },
  });
  const cases: readonly (readonly [string, Category, readonly Evidence[], Risk])[] = [
    ['nothing moves it', 'Write', [], 'medium'],
    ['one reason', 'Write', [reason('permissions', 'raises', 0)], 'high'],
    ['two reasons', 'Read', [reason('secrets', 'raises', 0), reason('location', 'raises', 5)], 'high'],
    ['one word is one reason', 'Read', [reason('secrets', 'raises', 0), reason('location', 'raises', 0)], 'medium'],
    ['a reason that is no reason for this category', 'Financial', [reason('harmless', 'lowers', 0)], 'critical'],
    ['there and back', 'Destructive', [reason('recoverable', 'lowers', 0), reason('bulk', 'raises', 5)], 'critical'],
    [
      'never below low',
      'Write',
      [reason('scratch', 'lowers', 0), reason('x', 'lowers', 3), reason('y', 'lowers', 6)],
      'low',
    ],
  ];
  test.each(cases)('%s', (_, of, evidence, expected) => {
    expect(decideRisk(of, evidence)).toBe(expected);
  });
});

test('facets carry their own evidence, and money moves only where the verdict says so', () => {
  const { facets, category: verdict } = classifier.assess(
    {
      name: 'send_payment',
      description: 'Sends USDC to an address.',
      inputSchema: { properties: { amount: {}, recipient: {} } },
    },
    ['send_payment'],
  );
  expect(verdict).toBe('Financial');
  expect(facets['moves-money']?.value).toBe(true);
  for (const facet of Object.values(facets)) expect(facet.evidence.length).toBeGreaterThan(0);
  expect(classifier.assess({ name: 'list_payments' }, ['list_payments']).facets['moves-money']).toBeUndefined();
});
