import type { KeyObject } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { create } from 'tar';
import { z } from 'zod';
import { sha256 } from '#core/hash.ts';
import type { Policy, Profile } from '#domain/policy.ts';
import { filePath } from '../addresses/address.ts';
import type { Exporter } from '../formats/exporter.ts';
import { labelsOfAll } from '../formats/label.ts';
import { isSigned, publicKeyOf, signed } from './signing.ts';

const Manifest = z.strictObject({
  kind: z.literal('plimsoll-bundle'),
  version: z.literal(1),
  edition: z.string(),
  revision: z.int().nonnegative(),
  profile: z.string(),
  formats: z.array(z.string()),
  keys: z.array(z.strictObject({ id: z.string(), pem: z.string() })),
  files: z.record(z.string(), z.strictObject({ sha256: z.string(), bytes: z.int().nonnegative() })),
});
/** What a bundle holds, and by what rules and from which state of the catalogue it was made. */
export type Manifest = z.infer<typeof Manifest>;
const Signatures = z.strictObject({
  signatures: z.array(z.strictObject({ key: z.string(), algorithm: z.literal('Ed25519'), signature: z.string() })),
});

const MANIFEST = 'manifest.json';
const SIGNATURES = 'manifest.sig.json';
const OPA = 'opa.tar.gz';

export interface BundleOptions {
  readonly edition: string;
  readonly revision: number;
  readonly profile: Profile;
  readonly exporters: readonly Exporter[];
  /** The Rego of the OPA bundle. */
  readonly rego: Exporter;
  /** The key that signs, then the one that will follow it, where there is one. */
  readonly keys: readonly KeyObject[];
}

/** Whether a folder may be replaced by a bundle: it is not there, empty, or a bundle itself. */
export async function isReplaceable(folder: string): Promise<boolean> {
  try {
    const names = await readdir(folder);
    return names.length === 0 || names.includes(SIGNATURES);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/**
 * Writes a bundle: every policy in every format, an OPA bundle of the same, a manifest with the hash of each file, and
 * its signatures. The same catalogue and keys give the same bytes. What stood at `out` is replaced at the end, or stays.
 */
export async function writeBundle(
  slugs: readonly string[],
  policies: () => AsyncIterable<Policy>,
  out: string,
  options: BundleOptions,
): Promise<Manifest> {
  const draft = `${out}.new-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  try {
    const files: Record<string, { sha256: string; bytes: number }> = {};
    const keep = async (path: string, content: Buffer) => {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), content);
      files[path] = { sha256: sha256(content), bytes: content.length };
    };
    const labels = labelsOfAll(slugs);
    const opa = join(draft, '.opa');
    await mkdir(opa, { recursive: true });
    for await (const policy of policies()) {
      const folder = filePath(policy.server);
      for (const exporter of options.exporters) {
        const made = exporter.write([policy], { labels });
        for (const { name, text } of made.files)
          await keep(`policies/${exporter.id}/${folder}/${name}`, Buffer.from(text));
      }
      const [rego] = options.rego.write([policy], { labels }).files;
      await mkdir(join(opa, 'plimsoll'), { recursive: true });
      await writeFile(join(opa, 'plimsoll', rego!.name), rego!.text);
    }
    await keep(OPA, await packed(opa, options));
    await rm(opa, { recursive: true });
    const manifest: Manifest = {
      kind: 'plimsoll-bundle',
      version: 1,
      edition: options.edition,
      revision: options.revision,
      profile: options.profile,
      formats: options.exporters.map(({ id }) => id).sort(),
      keys: options.keys.map(publicKeyOf),
      files: Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))),
    };
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await writeFile(join(draft, MANIFEST), bytes);
    const signatures = options.keys.map((key) => signed(bytes, key));
    await writeFile(join(draft, SIGNATURES), `${JSON.stringify({ signatures }, null, 1)}\n`);
    await replace(draft, out);
    return manifest;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The folder as an OPA bundle, without times and owners: the same files, the same bytes. */
async function packed(folder: string, { edition, revision }: BundleOptions): Promise<Buffer> {
  const manifest = { revision: `${edition}.${revision}`, roots: ['plimsoll'], rego_version: 1 };
  await writeFile(join(folder, '.manifest'), `${JSON.stringify(manifest)}\n`);
  const files = await filesBelow(folder);
  const stream = create({ gzip: { level: 9 }, portable: true, noMtime: true, cwd: folder, noDirRecurse: true }, [
    ...files,
  ]);
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

async function replace(draft: string, out: string): Promise<void> {
  const old = `${out}.old-${process.pid}`;
  await rename(out, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(draft, out);
  await rm(old, { recursive: true, force: true });
}

/**
 * Reads a bundle and holds it against its manifest. Throws, with a sentence, where it was not signed by `key`, where a
 * file was changed, added or taken away, or where it is older than `atLeast`: somebody set it back.
 */
export async function verifyBundle(folder: string, key: KeyObject, atLeast = 0): Promise<Manifest> {
  const bytes = await readFile(join(folder, MANIFEST));
  const { signatures } = Signatures.parse(JSON.parse(await readFile(join(folder, SIGNATURES), 'utf8')));
  if (!isSigned(bytes, signatures, key))
    throw new Error(`no signature of the key ${publicKeyOf(key).id} fits the manifest`);
  const manifest = Manifest.parse(JSON.parse(bytes.toString('utf8')));
  if (manifest.revision < atLeast)
    throw new Error(`its revision ${manifest.revision} is older than ${atLeast}: the bundle was set back`);
  const there = new Set((await filesBelow(folder)).filter((path) => path !== MANIFEST && path !== SIGNATURES));
  for (const [path, { sha256: hash }] of Object.entries(manifest.files)) {
    if (!there.delete(path)) throw new Error(`${path} is missing`);
    if (sha256(await readFile(join(folder, path))) !== hash) throw new Error(`${path} was changed`);
  }
  const [extra] = there;
  if (extra !== undefined) throw new Error(`${extra} was added`);
  return manifest;
}
