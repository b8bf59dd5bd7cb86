import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import { SCOPES, type Scope } from '#domain/request.ts';
import type { Job } from '#job/job.ts';
import { oneOf, wholeNumber } from '#job/options.ts';
import { createToken, listTokens, revokeToken } from '#store/access/tokens.ts';
import { openWorld } from '#world.ts';

const DAY = 86_400_000;
const FAILED = 1;
const scopes = oneOf('--scope', SCOPES);

export default {
  id: 'token',
  about: 'Give out tokens for asking for scans and disputing verdicts, list them, or end one',
  args: [
    { name: '<what>', about: 'create, list or revoke' },
    { name: '[which]', about: 'a name for the new token, or the number of the one to revoke' },
  ],
  options: [
    { flags: '--scope <scope...>', about: `what it is good for: ${SCOPES.join(', ')} (default: all)` },
    {
      flags: '--scans <n>',
      about: 'scans that it may ask for in a day',
      default: 20,
      parse: wholeNumber('--scans', 0),
    },
    {
      flags: '--days <n>',
      about: 'ends by itself after so many days (default: never)',
      parse: wholeNumber('--days', 1),
    },
  ],
  examples: [
    'npm run --silent plimsoll -- token create ci --scope scan --days 90',
    'npm run plimsoll -- token list',
    'npm run plimsoll -- token revoke 3',
  ],
  async run(call) {
    const [what, which] = call.args;
    if (what !== 'create' && what !== 'list' && what !== 'revoke')
      throw new WrongUse(`token takes create, list or revoke, not '${what}'.`);
    const wanted = (call.options.scope as string[] | undefined)?.map((word) => scopes(word) as Scope);
    if (what === 'create' && !which?.trim()) throw new WrongUse('token create NAME: say whose it is.');
    if (what === 'revoke' && !/^\d{1,15}$/.test(which ?? '')) throw new WrongUse('token revoke NUMBER: list has them.');
    await using world = await openWorld(call);
    const { db } = world;
    const now = world.now();
    if (what === 'create') {
      const days = call.options.days as number | undefined;
      const { id, text } = await createToken(
        db,
        {
          name: which!,
          scopes: wanted ?? SCOPES,
          scansPerDay: call.options.scans as number,
          expiresAt: days === undefined ? undefined : new Date(now.getTime() + days * DAY),
        },
        now,
      );
      call.out(call.json ? `${JSON.stringify({ id, token: text })}\n` : `${text}\n`);
      call.say(`Token ${id}. It is shown this once; only its hash is kept.`);
      return undefined;
    }
    if (what === 'revoke') {
      const ended = await revokeToken(db, Number(which), now);
      call.say(
        ended ? `Token ${which} is good for nothing from now on.` : `There is no token ${which} that still is good.`,
      );
      return ended ? undefined : FAILED;
    }
    for (const token of await listTokens(db)) {
      const { id, name, scansPerDay, createdAt, expiresAt, revokedAt } = token;
      const state = revokedAt
        ? `revoked ${day(revokedAt)}`
        : expiresAt && expiresAt <= now
          ? `ended ${day(expiresAt)}`
          : expiresAt
            ? `good until ${day(expiresAt)}`
            : 'good';
      const line = `${id}  ${visibleLine(name)}  ${token.scopes.join(' ')}  ${scansPerDay} scans a day  since ${day(createdAt)}  ${state}`;
      call.out(`${call.json ? JSON.stringify(token) : line}\n`);
    }
    return undefined;
  },
} satisfies Job;

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
