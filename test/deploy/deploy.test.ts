import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readSettings, SETTINGS } from '#config.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Spec;
}
interface Spec {
  readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
  readonly selector?: { readonly matchLabels?: object };
}
interface Pod {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly hostNetwork?: boolean;
  readonly containers: readonly {
    readonly image: string;
    readonly args: readonly string[];
    readonly securityContext: object;
    readonly resources: { readonly limits: { readonly memory?: string } };
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
    readonly env?: unknown;
  }[];
  readonly volumes: readonly { readonly name: string; readonly [kind: string]: unknown }[];
}

const file = 'deploy/kubernetes/plimsoll.yaml';
const documents = parseAllDocuments(read(file), { merge: true }).map((one) => one.toJS() as Manifest);

describe('the manifests of Kubernetes', () => {
  test.each(documents.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    '%s is as the published schema has it',
    async (_, manifest) => {
      const { apiVersion, kind } = manifest;
      const models = (await import(`kubernetes-models/${apiVersion}/${kind}`)) as Record<
        string,
        new (
          made: object,
        ) => { validate(): void }
      >;
      const Model = models[kind]!;
      new Model(manifest).validate();
      // A schema that takes anything would hold nothing.
      const spoilt = structuredClone(manifest) as { metadata: { name: unknown } };
      spoilt.metadata.name = 7;
      expect(() => new Model(spoilt).validate()).toThrow(/name/);
    },
  );

  const pods = documents.flatMap((one) => (one.spec?.template ? [[one.metadata.name, one.spec] as const] : []));
  test.each(pods)('%s runs as nobody, on a root that cannot be written, without a token', (_, spec) => {
    const { metadata, spec: pod } = spec.template!;
    expect(spec.selector!.matchLabels).toEqual(metadata.labels);
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(pod.hostNetwork).toBeUndefined();
    const [container, ...more] = pod.containers;
    expect(more).toEqual([]);
    expect(container).toMatchObject({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
    });
    expect(container!.resources.limits.memory).toBeDefined();
    expect(container!.env).toBeUndefined();
    const places = container!.volumeMounts;
    expect(places.map(({ mountPath }) => mountPath)).toEqual(['/data', '/tmp']);
    expect(pod.volumes.map(({ name }) => name)).toEqual(places.map(({ name }) => name));
    for (const volume of pod.volumes) expect(volume).not.toHaveProperty('hostPath');
  });

  test('all stages of a night have somebody who works on them', () => {
    const stages = pods.flatMap(([, spec]) => {
      const { args } = spec.template!.spec.containers[0]!;
      return args[0] === 'work' ? args[2]!.split(',') : [];
    });
    expect(stages.toSorted()).toEqual(['classify', 'discover', 'enumerate', 'publish']);
  });

  test('settings are ours, are read, and hold no secret', () => {
    const { data } = documents.find(({ kind }) => kind === 'ConfigMap')!;
    const known = new Map(Object.values(SETTINGS).map((one) => [one.env, one] as const));
    for (const name of Object.keys(data!)) expect(known.get(name)?.secret, name).toBeUndefined();
    for (const name of Object.keys(data!)) expect(known.has(name), name).toBe(true);
    expect(readSettings(data!)).toMatchObject({ sandbox: 'deno', metrics: { host: '0.0.0.0', port: 9464 } });
    expect(documents.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });
});

const units = globSync('deploy/systemd/*.{service,timer}', { cwd: root });
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-units-'));
afterAll(() => rmSync(folder, { recursive: true }));
const analyses = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('the units of systemd', () => {
  test.skipIf(!analyses)(`are taken by systemd${analyses ? '' : ' (skipped: no systemd-analyze here)'}`, () => {
    // As they stand, but for where the project lies.
    for (const unit of units)
      writeFileSync(join(folder, basename(unit)), read(unit).replaceAll('/opt/plimsoll/', `${root}/`));
    const paths = units.map((unit) => join(folder, basename(unit)));
    const ran = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', ...paths], { encoding: 'utf8' });
    const ours = ran.stderr.split('\n').filter((line) => line.includes('plimsoll'));
    expect(ours).toEqual([]);
    writeFileSync(join(folder, 'plimsoll-bad.service'), '[Service]\nExecStart=/nowhere/at/all\nNoNewPrivilege=yes\n');
    const bad = spawnSync('systemd-analyze', ['verify', join(folder, 'plimsoll-bad.service')], { encoding: 'utf8' });
    expect(bad.stderr).toMatch(/NoNewPrivilege/);
  });

  test.each(units.filter((unit) => unit.endsWith('.service')))('%s starts a job of ours as nobody', (unit) => {
    const text = read(unit);
    const [, job] =
      /^ExecStart=\/opt\/plimsoll\/node_modules\/\.bin\/node --max-semi-space-size=4 src\/cli\.ts (\w+)/m.exec(text)!;
    expect(globSync(`jobs/${job}.ts`, { cwd: root })).toHaveLength(1);
    for (const line of ['User=plimsoll', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'ProtectSystem=strict'])
      expect(text.split('\n')).toContain(line);
    const [, home] = /PLIMSOLL_HOME=\/var\/lib\/(\S+)/.exec(text)!;
    expect(text.split('\n')).toContain(`StateDirectory=${home}`);
  });

  test('the file of variables names settings of ours', () => {
    const names = [...read('deploy/systemd/plimsoll.env').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    const known = Object.values(SETTINGS).map(({ env }) => env);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(known).toContain(name);
  });
});
