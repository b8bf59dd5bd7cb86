import { writeFile } from 'node:fs/promises';
import { WrongUse } from '#core/errors.ts';
import { visibleLine } from '#core/visible.ts';
import type { PROFILES } from '#domain/policy.ts';
import type { Job } from '#job/job.ts';
import { profile, wholeNumber } from '#job/options.ts';
import { bundle, readKey } from '#pipeline/bundle.ts';
import { verifyBundle } from '#publish/templates/bundle.ts';
import { newKey } from '#publish/templates/signing.ts';
import { openWorld } from '#world.ts';

const FAILED = 1;

export default {
  id: 'bundle',
  about: 'Write all policies as one signed bundle, an OPA bundle included; or check one',
  options: [
    { flags: '-o, --out <dir>', about: 'folder for the bundle; what it holds is replaced' },
    { flags: '--key <file>', about: 'Ed25519 private key (PEM) to sign with' },
    { flags: '--next-key <file>', about: 'the key that will follow: announced in the bundle, which it signs too' },
    { flags: '--format <format...>', about: 'formats to write beside Rego', default: 'plimsoll' },
    profile,
    { flags: '--new-key <file>', about: 'make a private key, and do nothing else' },
    { flags: '--verify <dir>', about: 'check a bundle: signature, files, revision' },
    { flags: '--trust <file>', about: 'public or private key that must have signed it' },
    { flags: '--at-least <revision>', about: 'refuse a bundle that is older', parse: wholeNumber('--at-least', 0) },
  ],
  examples: [
    'npm run plimsoll -- bundle --new-key signing.pem',
    'npm run plimsoll -- bundle -o bundle --key signing.pem --format plimsoll claude-code',
    'npm run plimsoll -- bundle --verify bundle --trust signing.pem',
  ],
  async run(call) {
    const { out, key, nextKey, verify, trust, newKey: fresh } = call.options as Record<string, string | undefined>;
    if (fresh !== undefined) {
      await writeFile(fresh, newKey(), { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        throw new WrongUse(
          error.code === 'EEXIST' ? `${fresh} is there already; a key is never replaced.` : error.message,
        );
      });
      call.say(`Written: ${fresh}. Keep it secret, and back it up.`);
      return undefined;
    }
    if (verify !== undefined) {
      if (trust === undefined) throw new WrongUse('Say whose signature counts: --trust FILE.');
      const trusted = await readKey(trust);
      try {
        const manifest = await verifyBundle(verify, trusted, (call.options.atLeast as number | undefined) ?? 0);
        const { revision, edition, profile, keys, files } = manifest;
        if (call.json)
          call.out(
            `${JSON.stringify({ ok: true, revision, edition, profile, keys, files: Object.keys(files).length })}\n`,
          );
        else
          call.out(
            `Good: revision ${revision} of edition ${edition}, ${Object.keys(files).length} files, signed by a trusted key.\n`,
          );
        return undefined;
      } catch (error) {
        const why = visibleLine((error as Error).message);
        if (call.json) call.out(`${JSON.stringify({ ok: false, why })}\n`);
        else call.out(`Not to be trusted: ${why}.\n`);
        return FAILED;
      }
    }
    if (out === undefined || key === undefined)
      throw new WrongUse('Say where to write and what to sign with: -o DIR --key FILE. --new-key FILE makes a key.');
    const keys = await Promise.all([key, ...(nextKey === undefined ? [] : [nextKey])].map(readKey));
    const formats = [call.options.format as string | readonly string[]].flat();
    await using world = await openWorld(call);
    const profile = call.options.profile as (typeof PROFILES)[number];
    const { revision, files } = await bundle(world, out, { profile, formats, keys });
    if (call.json) call.out(`${JSON.stringify({ revision, files: Object.keys(files).length })}\n`);
    call.say(`Written: ${out}, ${Object.keys(files).length} files, revision ${revision}.`);
    return undefined;
  },
} satisfies Job;
