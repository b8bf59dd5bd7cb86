import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import { verifyQuote } from '#classify/quote.ts';
import { taxonomy } from '#classify/taxonomy.ts';
import type { ToolDefinition } from '#domain/tool.ts';

const classifier = await loadClassifier();
const strings = (...names: readonly string[]) => ({
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});

/** Of each facet a tool that has it with this value, and one of which nothing is said or something else. */
const cases: readonly (readonly [string, string | boolean, ToolDefinition, ToolDefinition])[] = [
  ['reads-private-data', true, { name: 'list_messages' }, { name: 'get_weather' }],
  ['reads-private-data', true, { name: 'read_file' }, { name: 'write_file' }],
  ['reads-untrusted-content', true, { name: 'fetch_page', inputSchema: strings('url') }, { name: 'add_numbers' }],
  ['reads-untrusted-content', true, { name: 'find', description: 'Searches the web.' }, { name: 'create_issue' }],
  ['sends-out', true, { name: 'send_message', inputSchema: strings('to', 'text') }, { name: 'list_files' }],
  ['sends-out', true, { name: 'call_api', inputSchema: strings('url', 'method') }, { name: 'save_file' }],
  ['handles-secrets', true, { name: 'get_secret' }, { name: 'get_issue', description: 'Needs an API key.' }],
  ['runs-code', true, { name: 'run_python', inputSchema: strings('code') }, { name: 'run_report' }],
  ['touches-permissions', true, { name: 'grant_role' }, { name: 'list_roles' }],
  ['moves-money', true, { name: 'refund_payment' }, { name: 'list_payments' }],
  ['bulk', true, { name: 'delete_all_files' }, { name: 'delete_file' }],
  ['reversible', 'no', { name: 'delete_file' }, { name: 'archive_file' }],
  ['reversible', 'yes', { name: 'move', description: 'Moves a page to the trash.' }, { name: 'delete_file' }],
  ['scope', 'item', { name: 'close_issue', inputSchema: strings('issue_id') }, { name: 'restart_server' }],
  ['scope', 'account', { name: 'delete_account' }, { name: 'delete_file' }],
  ['scope', 'organisation', { name: 'invite_to_workspace' }, { name: 'delete_file' }],
  ['scope', 'system', { name: 'restart_server' }, { name: 'delete_account' }],
  ['idempotent', 'yes', { name: 'set_title' }, { name: 'send_email' }],
  ['idempotent', 'no', { name: 'send_email' }, { name: 'list_files' }],
  ['open-world', true, { name: 'web_search' }, { name: 'list_tables' }],
];

describe('facets are told with their evidence', () => {
  test.each(cases)('%s is %s', (facet, value, has, hasNot) => {
    const found = classifier.assess(has, [has.name]).facets[facet];
    expect(found?.value).toBe(value);
    expect(found!.evidence.length).toBeGreaterThan(0);
    for (const { quote } of found!.evidence) expect(verifyQuote(has, quote)).toBe(true);
    expect(classifier.assess(hasNot, [hasNot.name]).facets[facet]?.value).not.toBe(value);
  });
  test('each that the taxonomy names is among them', () => {
    expect([...new Set(cases.map(([facet]) => facet))].sort()).toEqual(Object.keys(taxonomy.facets).sort());
  });
});
