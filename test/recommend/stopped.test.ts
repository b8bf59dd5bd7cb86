import { describe, expect, test } from 'vitest';
import { loadClassifier } from '#classify/assess.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import type { JsonObject, ToolDefinition } from '#domain/tool.ts';
import type { Attack } from '#recommend/attacks/attack.ts';
import { allAttacks } from '#recommend/attacks/library.ts';
import { checker } from '#recommend/check.ts';
import { recommend } from '#recommend/recommend.ts';
import type { Wishes } from '#recommend/wishes.ts';
import { catalogueServer } from './sample.ts';

const { assess } = await loadClassifier();

/** A server of these definitions as the rules judge them. */
function judged(tools: readonly ToolDefinition[]): CatalogueServer {
  const names = tools.map(({ name }) => name);
  const sample = catalogueServer(tools.map((tool) => ({ ...tool, category: 'Read' as const, evidence: [] })));
  return {
    ...sample,
    tools: sample.tools.map((tool) => ({
      ...tool,
      assessment: { ...tool.assessment!, verdict: assess(tool.definition, names) },
    })),
  };
}

const strings = (...names: readonly string[]): JsonObject => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
});
const tool = (name: string, description: string, ...args: readonly string[]): ToolDefinition => ({
  name,
  description,
  inputSchema: strings(...args),
});

const MAIL = [
  tool('read_inbox', 'Reads unread emails from the inbox of the user.', 'folder'),
  tool('get_customer_records', 'Returns personal data of customers.', 'id'),
];

interface Scene {
  readonly tools: readonly ToolDefinition[];
  /** The call that did the harm; its tool is the last of the list. */
  readonly args: JsonObject;
  readonly wishes?: Wishes;
}

/** For each attack that something would have stopped: tools worded as those that were used, and the call that did harm. */
const SCENES: Readonly<Record<string, Scene>> = {
  'atlassian-living-off-ai': {
    tools: [
      tool('jira_get_issue', 'Get details of a specific Jira issue including its comments.', 'issue_key'),
      tool('jira_get_user_profile', 'Retrieve profile information of a Jira user.', 'user_identifier'),
      tool('jira_add_comment', 'Add a comment to a Jira issue.', 'issue_key', 'comment'),
    ],
    args: { issue_key: 'SUP-1', comment: 'x' },
  },
  'base-mcp-redirect': {
    tools: [tool('transfer_funds', 'Transfers cryptocurrency to an address.', 'to_address', 'amount')],
    args: { to_address: '0x1', amount: '1' },
  },
  'clawhub-scope-squatting': { tools: [tool('search', 'Searches.')], args: {} },
  'code-mcp-git-operation-injection': {
    tools: [tool('git_operation', 'Run a git operation.', 'operation')],
    args: { operation: 'status; id' },
  },
  'copilot-studio-aijacking': {
    tools: [...MAIL, tool('send_email', 'Sends an email.', 'to', 'body')],
    args: { to: 'a@example.com', body: 'x' },
  },
  'fetch-server-imds': {
    tools: [tool('fetch', 'Fetches a URL from the internet and extracts its contents as markdown.', 'url')],
    args: { url: 'http://169.254.169.254/latest/meta-data/' },
  },
  'filesystem-escaperoute-prefix': {
    tools: [tool('read_file', 'Read a file. Only works within allowed directories.', 'path')],
    args: { path: '/work/projects-old/x' },
    wishes: { arguments: { paths: ['/work/projects'] } },
  },
  'mcp-server-git-add-outside': {
    tools: [
      {
        name: 'git_add',
        description: 'Adds file contents to the staging area',
        inputSchema: { type: 'object', properties: { files: { type: 'array', items: { type: 'string' } } } },
      },
    ],
    args: { files: ['README.md', '../../.ssh/id_rsa'] },
  },
  'mcp-server-git-init-anywhere': {
    tools: [tool('git_init', 'Initialize a new Git repository', 'repo_path')],
    args: { repo_path: '/home/me/.ssh' },
  },
  'mcp-server-git-repo-bypass': {
    tools: [tool('git_log', 'Shows the commit logs', 'repo_path')],
    args: { repo_path: '/home/me/other' },
    wishes: { arguments: { paths: ['/home/me/project'] } },
  },
  'mcp-server-kubernetes-injection': {
    tools: [tool('kubectl_scale', 'Scale a Kubernetes deployment', 'name', 'namespace')],
    args: { namespace: 'a; id', name: 'x' },
  },
  'neon-remote-mcp': {
    tools: [tool('run_sql', 'Execute a single SQL statement against a Neon database', 'sql')],
    args: { sql: 'SELECT * FROM private' },
  },
  'plaintext-credential-storage': {
    tools: [tool('read_file', 'Read the complete contents of a file from the file system.', 'path')],
    args: { path: '/home/me/.aws/credentials' },
  },
  'postgres-mcp-readonly-bypass': {
    tools: [tool('query', 'Run a read-only SQL query', 'sql')],
    args: { sql: 'COMMIT; DROP SCHEMA public CASCADE' },
  },
  'replit-saastr-db-deletion': { tools: [tool('drop_table', 'Drops a table.', 'table')], args: { table: 'companies' } },
  'sandworm-mode-mcpinject': { tools: [tool('lint_check', 'Checks style.')], args: {} },
  'slack-link-unfurl-exfil': {
    tools: [...MAIL, tool('slack_post_message', 'Post a new message to a Slack channel', 'channel_id', 'text')],
    args: { channel_id: 'C1', text: 'https://example.org/?secret' },
  },
  'supabase-lethal-trifecta': {
    tools: [tool('execute_sql', 'Executes raw SQL in the Postgres database.', 'query')],
    args: { query: 'SELECT * FROM integration_tokens' },
  },
  'whatsapp-mcp-sleeper': { tools: [tool('get_fact_of_the_day', 'Returns a fact.')], args: {} },
};

const named = allAttacks().filter(({ stopped }) => stopped.by !== 'none');

/** What the recommended policy for these tools says of the call. */
function answer({ tools, args, wishes }: Scene, change: { readonly definition?: string; readonly tool?: string } = {}) {
  const server = judged(tools);
  const check = checker(recommend(server, 'recommended', wishes));
  const name = tools.at(-1)!.name;
  return check({ tool: name, args, at: 0, grant: 'g', session: 's', ...change });
}

describe('what is said to have stopped an attack does', () => {
  test('there is a scene for each such attack', () => {
    expect(Object.keys(SCENES).sort()).toEqual(named.map(({ id }) => id).sort());
  });

  test.each(named.map((attack) => [attack.id, attack] as const))('%s', (id, { stopped }: Attack) => {
    const scene = SCENES[id]!;
    switch (stopped.by) {
      case 'approval':
        return expect(answer(scene).outcome).toBe('needs approval');
      case 'arguments':
        return expect(answer(scene).rule).toMatch(/\.(?:deny_if|require)\[\d\]$/);
      case 'combination': {
        expect(answer(scene).outcome).toBe('needs approval');
        return expect(
          recommend(judged(scene.tools), 'recommended').tools[scene.tools.at(-1)!.name]!.why.join(' '),
        ).toMatch(/on this server/);
      }
      case 'pin':
        return expect(answer(scene, { definition: 'changed' }).rule).toBe('default');
      case 'unnamed':
        return expect(answer(scene, { tool: 'planted' }).rule).toBe('default');
      default:
        throw new Error(`nothing tries '${stopped.by}'`);
    }
  });
});
