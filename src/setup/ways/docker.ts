import { purlOf } from '#core/purl.ts';
import type { Way } from '../way.ts';
import { optionsOf, programName } from './words.ts';

/** Options of `run` that stand alone; all others are followed by a value. */
const ALONE =
  /^(?:-[itdPq]+|--(?:interactive|tty|detach|rm|init|privileged|read-only|publish-all|no-healthcheck|oom-kill-disable|sig-proxy|disable-content-trust|quiet|replace|rmi))$/;

/** `docker run IMAGE` and `podman run IMAGE`: an image by its name, with its tag or digest. */
export function asDocker(words: readonly string[]): Way | undefined {
  const [command = '', ...rest] = words;
  if (!['docker', 'podman', 'nerdctl'].includes(programName(command))) return undefined;
  const run = rest[0] === 'container' ? rest.slice(1) : rest;
  if (run[0] !== 'run')
    return { kind: 'unknown', why: `It asks a container engine for something else than to run an image.` };
  const { values, rest: own } = optionsOf(run.slice(1), (one) => !ALONE.test(one));
  if (values.has('--entrypoint')) return { kind: 'unknown', why: 'It runs another program of an image than its own.' };
  const [image, ...args] = own;
  const purl = image === undefined ? undefined : purlOf('oci', image);
  if (purl === undefined) return { kind: 'unknown', why: 'It names no image.' };
  const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image!) ?? [];
  const [, tag] = /:([\w][\w.-]*)$/.exec(image!.replace(/@.*$/, '')) ?? [];
  const version = digest ?? tag;
  const env = [...(values.get('-e') ?? []), ...(values.get('--env') ?? [])].map((one) => ({
    name: one.split('=')[0]!,
  }));
  return {
    kind: 'package',
    pinned: digest !== undefined,
    ref: {
      purl,
      ...(version !== undefined && { version }),
      ...(args.length > 0 && { args }),
      ...(env.length > 0 && { env }),
    },
  };
}
