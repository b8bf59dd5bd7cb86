import { randomBytes, randomInt } from 'node:crypto';

/** A secret as it stands in a text, and the part of it that must be found nowhere. */
export interface Planted {
  readonly text: string;
  readonly core: string;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A random word of letters of both cases and digits, some of each in every dozen. */
function word(length: number, upper = false): string {
  const made = Array.from({ length }, (_, at) => {
    if (at % 3 === 2) return String(randomInt(10));
    return LETTERS[at % 3 === 0 ? randomInt(26) : 26 + randomInt(26)]!;
  }).join('');
  return upper ? made.toUpperCase() : made;
}

const hex = (length: number) => randomBytes(length / 2).toString('hex');
const password = () => `T${word(8)}`;

/** Made when a test runs, so that no scanner takes this file for a leak. Around the braces stands what marks the kind. */
function planted(before: readonly string[], core: string, after = ''): Planted {
  return { text: `${before.join('')}${core}${after}`, core };
}

/** Credentials of more than forty kinds, none of which is anybody's. */
export const PLANTED: Readonly<Record<string, Planted>> = {
  openai: planted(['sk', '-'], word(48)),
  'openai project': planted(['sk', '-proj-'], word(40)),
  anthropic: planted(['sk', '-ant-api03-'], word(60), 'AA'),
  'github classic': planted(['gh', 'p_'], word(36)),
  'github server': planted(['gh', 's_'], word(36)),
  'github fine-grained': planted(['github', '_pat_'], word(60)),
  gitlab: planted(['gl', 'pat-'], word(20)),
  'slack bot': planted(['xox', 'b-123456789012-123456789012-'], word(24)),
  'slack app': planted(['xapp', '-1-A0123456789-1234567890123-'], hex(64)),
  'slack webhook': planted(['https://hooks.slack', '.com/services/T00000000/B00000000/'], word(24)),
  'discord webhook': planted(['https://discord', '.com/api/webhooks/123456789012345678/'], word(60)),
  'telegram bot': planted(['123456789', ':AA'], word(33)),
  'aws key id': planted(['AK', 'IA'], word(16, true)),
  'aws secret': planted(['AWS_SECRET_ACC', 'ESS_KEY='], `${word(16)}/${word(23)}`),
  'google api': planted(['AI', 'za'], word(35)),
  'google oauth': planted(['ya29', '.'], word(60)),
  'google client secret': planted(['GOC', 'SPX-'], word(28)),
  'stripe live': planted(['sk', '_live_'], word(24)),
  'stripe restricted': planted(['rk', '_live_'], word(24)),
  'stripe webhook': planted(['whsec', '_'], word(32)),
  sendgrid: planted(['SG', '.'], `${word(22)}.${word(43)}`),
  mailgun: planted(['key', '-'], hex(32)),
  twilio: planted(['SK'], hex(32)),
  npm: planted(['npm', '_'], word(36)),
  pypi: planted(['pypi', '-AgEIcHlwaS5vcmc'], word(60)),
  'hugging face': planted(['hf', '_'], word(34)),
  shopify: planted(['shp', 'at_'], hex(32)),
  digitalocean: planted(['dop', '_v1_'], hex(64)),
  sentry: planted(['sntry', 's_'], word(60)),
  linear: planted(['lin', '_api_'], word(40)),
  notion: planted(['ntn', '_'], word(40)),
  figma: planted(['fig', 'd_'], word(40)),
  databricks: planted(['da', 'pi'], hex(32)),
  vault: planted(['hv', 's.'], word(24)),
  supabase: planted(['sb', 'p_'], hex(40)),
  grafana: planted(['gl', 'sa_'], word(32)),
  airtable: planted(['pat', 'AbCdEfGh1jKlMn', '.'], hex(64)),
  cohere: planted(['CO_API', '_KEY='], word(40)),
  'web token': planted(['ey', 'JhbGciOiJIUzI1NiJ9', '.', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.'], word(43)),
  'private key': planted(['-----BEGIN RSA PRIV', 'ATE KEY-----\n'], word(64), `\n-----END RSA ${'PRIV'}ATE KEY-----`),
  'openssh key': planted(
    ['-----BEGIN OPENSSH PRIV', 'ATE KEY-----\n'],
    word(64),
    `\n-----END OPENSSH ${'PRIV'}ATE KEY-----`,
  ),
  'database address': planted(['postgres://app', ':'], password(), '@db.example:5432/x'),
  'queue address': planted(['amqps://app', ':'], password(), '@queue.example/x'),
  'token in an address': planted(['https', '://'], word(32), '@git.example/x.git'),
  'query string': planted(['https://api.example/v1?page=2&api', '_key='], word(20), '&x=1'),
  'basic header': planted(['Authorization', ': Basic '], Buffer.from(`user:${password()}`).toString('base64')),
  'bearer header': planted(['Authorization', ': Bearer '], word(40)),
  'key header': planted(['x-acme-api', '-key: '], word(20)),
  cookie: planted(['Set-Cookie', ': theme=dark; id='], word(24)),
  variable: planted(['DB_PASS', 'WORD='], password()),
  'in json': planted(['{"clientSec', 'ret":"'], password(), '"}'),
  option: planted(['started with --api', '-key '], word(12)),
  'azure storage': planted(
    ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey', '='],
    `${word(43)}/${word(42)}`,
    '==',
  ),
  'azure client': planted(['client_secret', '='], `${word(3)}8Q~${word(34)}`),
};
