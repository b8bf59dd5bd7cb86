import type { HtmlEscapedString } from 'hono/utils/html';
import type { Links } from './links.ts';

/** What `hono/html` makes: text in which everything that needs it has been escaped. */
export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** One kind of page: a whole document from what it is about. Knows nothing of the store or of who serves it. */
export interface Page<Subject> {
  readonly id: string;
  render(subject: Subject, links: Links): Html;
}
