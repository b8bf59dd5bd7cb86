import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askEngine, type Engine } from '#core/engine.ts';
import { purlOf } from '#core/purl.ts';
import { enumerate } from '#enumerate/enumerate.ts';
import { isUnavailable, type ResolveOptions } from '#launch/resolver.ts';
import cargo from '#launch/resolvers/cargo.ts';
import golang from '#launch/resolvers/golang.ts';
import nuget from '#launch/resolvers/nuget.ts';
import oci from '#launch/resolvers/oci.ts';
import { containerSandboxes, imageWith } from '../support/containers.ts';

const NAME = `localhost/plimsoll-test-${process.pid}`;
const PURL = purlOf('oci', NAME)!;
/** A server as an image would hold it: in another language, with an entry point, a working folder and a user of its own. */
const SERVER = `
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked.get("method") == "initialize":
        result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "image", "version": "1"}}
    elif asked.get("method") == "tools/list":
        facts = {"args": sys.argv[1:], "cwd": os.getcwd(), "home": os.environ["HOME"], "own": os.environ.get("OWN"), "uid": os.getuid()}
        result = {"tools": [{"name": "from_image", "description": json.dumps(facts), "inputSchema": {"type": "object"}}]}
    else:
        result = None
    if asked.get("id") is not None:
        answer = {"result": result} if result else {"error": {"code": -32601, "message": "Method not found"}}
        print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}), flush=True)
`;

const stage = mkdtempSync(join(tmpdir(), 'plimsoll-oci-'));
afterAll(() => rmSync(stage, { recursive: true }));
const stop = new AbortController().signal;

for (const { name, engine, sandbox, refusal } of await containerSandboxes()) {
  if (refusal !== undefined) console.info(`skipped: images of ${name}: ${refusal}`);
  describe.skipIf(refusal !== undefined)(`an image that ${name} holds`, () => {
    const options: ResolveOptions & { readonly stage: string } = {
      home: stage,
      stage,
      containers: {
        engine: name as Engine['name'],
        images: { nuget: `${NAME}:1.0.0`, cargo: `${NAME}:nowhere` },
        pull: false,
      },
    };
    let digest = '';
    beforeAll(async () => {
      const file = join(stage, 'server.py');
      writeFileSync(file, SERVER, { mode: 0o644 });
      const changes = [
        'ENTRYPOINT ["python3", "/srv/server.py", "fixed"]',
        'CMD ["by-default"]',
        'WORKDIR /var',
        'ENV OWN=yes',
      ];
      const labels = [
        'org.opencontainers.image.licenses=MIT',
        'io.modelcontextprotocol.server.name=io.github.acme/x',
      ].map((label) => `LABEL ${label}`);
      digest = await imageWith(engine!, `${NAME}:1.0.0`, [...changes, ...labels], { [file]: '/srv/server.py' });
    }, 60_000);
    afterAll(async () => {
      await askEngine(engine!, ['image', 'rm', '--force', `${NAME}:1.0.0`]);
    });

    test('is resolved to its digest, started by its own entry point, and lists its tools', async () => {
      const ref = { purl: PURL, version: '1.0.0', args: ['asked-for'] };
      const artefact = await oci.current(ref, options);
      if (isUnavailable(artefact)) throw new Error(artefact.detail);
      const integrity = `sha256-${Buffer.from(digest.replace('sha256:', ''), 'hex').toString('base64')}`;
      expect(artefact).toMatchObject({ purl: PURL, name: NAME, version: '1.0.0', integrity, license: 'MIT' });
      expect(artefact.bears).toEqual(['io.github.acme/x']);
      expect(await oci.install(artefact, options)).toMatchObject({ tree: '', reused: true });
      const [launch] = await oci.launches(artefact, '', ref);
      expect(launch).toMatchObject({ runtime: 'image', image: digest, tree: '', entry: '' });
      const found = await enumerate(launch!, sandbox, { stage, stop });
      expect(found.outcome, JSON.stringify(found)).toBe('listed');
      expect(found.tools.map((tool) => tool.name)).toEqual(['from_image']);
      expect(JSON.parse(found.tools[0]!.description!)).toEqual({
        args: ['fixed', 'asked-for'],
        cwd: '/var',
        home: '/home/u',
        own: 'yes',
        uid: 65_534,
      });
    });

    test('runs what a package of another kind resolves to', async () => {
      const launch = {
        ...({ resolver: 'test', runtime: 'command', image: digest, tree: '', entry: 'python3' } as const),
        artefact: { purl: 'pkg:nuget/x', name: 'x', version: '1', integrity: '' },
        args: ['/srv/server.py', 'by', 'command'],
        inputs: [],
      };
      const found = await enumerate(launch, sandbox, { stage, stop });
      expect(found.outcome, JSON.stringify(found)).toBe('listed');
      expect(JSON.parse(found.tools[0]!.description!).args).toEqual(['by', 'command']);
    });

    test('is not there under another tag, and nothing is fetched', async () => {
      const missing = await oci.current({ purl: PURL, version: '2.0.0' }, options);
      expect(missing).toEqual({
        phase: 'resolve',
        reason: 'no-image',
        detail: `${name} has no image ${NAME}:2.0.0, and none is fetched.`,
        temporary: false,
      });
      const pulling = { ...options, containers: { ...options.containers!, pull: true } };
      expect(await oci.current({ purl: PURL, version: '2.0.0' }, pulling)).toMatchObject({ reason: 'no-image' });
      const version = `sha256:${'ab'.repeat(32)}`;
      expect(await oci.current({ purl: PURL, version }, options)).toMatchObject({ reason: 'no-image' });
      const pinned = await oci.current({ purl: PURL, version }, pulling);
      expect(pinned).toMatchObject({
        version,
        integrity: `sha256-${Buffer.from('ab'.repeat(32), 'hex').toString('base64')}`,
      });
      if (isUnavailable(pinned)) throw new Error(pinned.detail);
      expect(await oci.install(pinned, options)).toMatchObject({ phase: 'install', reason: 'no-image' });
    });

    test('may run packages that have no installer here, where the operator names it', async () => {
      const ref = { purl: purlOf('nuget', 'Some.Server')!, version: '1.2.3', args: ['--stdio'] };
      const artefact = await nuget.current(ref, options);
      if (isUnavailable(artefact)) throw new Error(artefact.detail);
      expect(await nuget.launches(artefact, '', ref)).toMatchObject([
        { runtime: 'command', image: digest, entry: 'dnx', args: ['some.server@1.2.3', '--yes', '--', '--stdio'] },
      ]);
      const crate = { purl: purlOf('cargo', 'some-server')!, version: '1.0.0' };
      expect(await cargo.current(crate, options)).toMatchObject({
        phase: 'resolve',
        reason: 'no-image',
        detail: `${name} has no image ${NAME}:nowhere.`,
      });
    });
  });
}

describe('packages that have no installer here', () => {
  const options = { home: stage };
  test('fail honestly without an image, and without a version', async () => {
    for (const [resolver, purl] of [
      [nuget, purlOf('nuget', 'Some.Server')!],
      [cargo, purlOf('cargo', 'some-server')!],
      [golang, purlOf('golang', 'example.com/Some/server')!],
    ] as const) {
      expect(await resolver.current({ purl, version: '1.0.0' }, options)).toMatchObject({
        phase: 'resolve',
        reason: 'no-image',
        detail: expect.stringContaining(`as ${resolver.id}=IMAGE`),
      });
      expect(await resolver.current({ purl }, options)).toMatchObject({ phase: 'resolve', reason: 'no-version' });
    }
  });

  test('become the command that their own ecosystem runs them by', async () => {
    const integrity = `sha256-${Buffer.alloc(32).toString('base64')}`;
    const artefact = { name: 'example.com/Some/server', version: '1.0.0', integrity };
    const go = { ...artefact, purl: purlOf('golang', artefact.name)! };
    expect(await golang.launches(go, '', { purl: go.purl })).toMatchObject([
      { entry: 'go', args: ['run', 'example.com/Some/server@v1.0.0'], image: `sha256:${'00'.repeat(32)}` },
    ]);
    const crate = { ...artefact, name: 'some-server', purl: purlOf('cargo', 'some-server')! };
    const [launch] = await cargo.launches(crate, '', { purl: crate.purl, args: ['--stdio'] });
    // The name and the version are arguments of the shell's, never its text.
    expect(launch?.args.slice(2)).toEqual(['sh', 'some-server', '1.0.0', '--stdio']);
    expect(launch?.args[1]).not.toContain('some-server');
  });
});
