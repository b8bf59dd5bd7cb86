import { readSettings } from '#config.ts';
import { askEngine, ENGINES, type Engine, findEngine, imageDigest } from '#core/engine.ts';
import type { Sandbox } from '#enumerate/sandbox.ts';
import container from '#enumerate/sandboxes/container.ts';

export const IMAGE = readSettings(process.env).containerImage;

/** The container driver on each engine of this machine that answers and has the image, or why it cannot be used. */
export async function containerSandboxes(): Promise<
  readonly { readonly name: string; readonly engine?: Engine; readonly sandbox: Sandbox; readonly refusal?: string }[]
> {
  return Promise.all(
    ENGINES.map(async (name) => {
      const sandbox = container.configured!({ containerEngine: name, containerImage: IMAGE });
      const engine = await findEngine(name);
      if (typeof engine === 'string') return { name, sandbox, refusal: engine };
      const refusal = (await imageDigest(engine, IMAGE)) === undefined ? `${name} has no image ${IMAGE}` : undefined;
      return { name, engine, sandbox, ...(refusal !== undefined && { refusal }) };
    }),
  );
}

/**
 * Makes an image of the one that runs servers, with these files put in (by their paths here) and as a Dockerfile's
 * instructions change it. Answers its digest.
 */
export async function imageWith(
  engine: Engine,
  name: string,
  changes: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const made = await askEngine(engine, ['create', '--pull', 'never', '--network', 'none', IMAGE, '/bin/true']);
  const id = made.stdout.trim();
  try {
    for (const [source, target] of Object.entries(files))
      await askEngine(engine, ['cp', source, `${id}:${target}`], { timeout: 60_000 });
    const flags = changes.flatMap((change) => ['--change', change]);
    const { code, stderr } = await askEngine(engine, ['commit', ...flags, id, name], { timeout: 60_000 });
    if (code !== 0) throw new Error(stderr);
  } finally {
    await askEngine(engine, ['rm', '--force', id]);
  }
  return (await imageDigest(engine, name))!;
}
