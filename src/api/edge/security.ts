import { CONTENT_SECURITY_POLICY } from '#publish/markup/layout.ts';

/** What every answer says to browsers, whatever it holds. */
export const SECURITY: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': `${CONTENT_SECURITY_POLICY}; frame-ancestors 'none'`,
};
