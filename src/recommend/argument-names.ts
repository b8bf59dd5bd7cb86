import { named, type Parameter } from './parameters.ts';

/** An address that the tool reaches. */
export const ofHost = named(
  'url',
  'uri',
  'href',
  'link',
  'endpoint',
  'webhook',
  'webhook_url',
  'base_url',
  'page_url',
  'website',
  'callback_url',
  'target_url',
);
/** A place in a file system. */
export const ofPath = named(
  ...['path', 'file_path', 'filepath', 'file', 'filename', 'directory', 'dir', 'folder', 'dir_path', 'directory_path'],
  ...['folder_path', 'output_path', 'outputpath', 'input_path', 'source_path', 'destination_path', 'local_path'],
  ...['repo_path', 'project_path', 'output_dir', 'save_path', 'download_path', 'upload_path', 'target_path'],
);
/** Where something is moved from or to; a file only where the tool says so. */
export const ofEnd = named('source', 'destination', 'from', 'to');
/** Who gets a message. */
export const ofRecipient = named(
  'to',
  'cc',
  'bcc',
  'recipient',
  'recipients',
  'email',
  'to_email',
  'email_address',
  'recipient_email',
);
/** A branch that is written to. */
export const ofBranch = named('branch', 'branch_name', 'target_branch', 'ref_name');
/** How much money. */
export const ofAmount = named('amount', 'total', 'amount_cents', 'total_amount', 'payment_amount', 'max_price');
/** How many at once, as a number. */
export const ofBatch = named('batch_size', 'limit', 'count', 'max_items', 'batch', 'max_count');
/** Things named one by one in a list. */
export const ofThings = named(
  ...[
    'id',
    'item',
    'file',
    'path',
    'message',
    'email',
    'recipient',
    'record',
    'row',
    'entity',
    'user',
    'issue',
    'page',
  ],
  ...['operation', 'request', 'update', 'action', 'document', 'key', 'name', 'relation', 'observation', 'deletion'],
);
/** A call that only tries. */
export const ofDryRun = named('dry_run', 'dryrun', 'simulate', 'validate_only', 'preview_only');
/** A statement of SQL. */
export const ofSql = named('sql', 'sql_query', 'sql_statement', 'statement');

/** The path of an address, or into a document, is none of a file. */
export function isRoute({ name, about }: Parameter): boolean {
  return name.toLowerCase() === 'path' && /\b(API|REST|endpoint|URL|route|slug|JSON ?path)\b/i.test(about);
}
