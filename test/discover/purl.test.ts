import { expect, test } from 'vitest';
import { formatSpec, type PackageType, parsePurl, parseSpec, purlOf } from '#core/purl.ts';

test.each<[PackageType, string, string]>([
  ['npm', '@scope/name', 'pkg:npm/%40scope/name'],
  ['npm', '@Scope/Name', 'pkg:npm/%40scope/name'],
  ['npm', 'mcp.server_x', 'pkg:npm/mcp.server_x'],
  ['pypi', 'Mcp_Server..Git', 'pkg:pypi/mcp-server-git'],
  ['oci', 'ghcr.io/Owner/image:1.2', 'pkg:oci/image?repository_url=ghcr.io%2Fowner%2Fimage'],
  ['oci', 'ghcr.io/owner/image:1.2@sha256:00', 'pkg:oci/image?repository_url=ghcr.io%2Fowner%2Fimage'],
  ['oci', 'mcp/fetch', 'pkg:oci/fetch?repository_url=docker.io%2Fmcp%2Ffetch'],
  ['oci', 'localhost:5000/x:1', 'pkg:oci/x?repository_url=localhost%3A5000%2Fx'],
  ['oci', 'redis', 'pkg:oci/redis?repository_url=docker.io%2Flibrary%2Fredis'],
  ['nuget', 'Azure.Mcp', 'pkg:nuget/azure.mcp'],
  ['cargo', 'mcp_server', 'pkg:cargo/mcp_server'],
  [
    'mcpb',
    'https://github.com/o/r/releases/download/v1/x.mcpb',
    'pkg:generic/x.mcpb?download_url=https%3A%2F%2Fgithub.com%2Fo%2Fr%2Freleases%2Fdownload%2Fv1%2Fx.mcpb',
  ],
])('%s %s has the purl %s, and the purl its name', (type, name, purl) => {
  expect(purlOf(type, name)).toBe(purl);
  const parsed = parsePurl(purl)!;
  expect(parsed.type).toBe(type);
  expect(purlOf(type, parsed.name)).toBe(purl);
});

test.each<[PackageType, string]>([
  ['npm', ''],
  ['npm', '../evil'],
  ['npm', 'git+ssh://host/x'],
  ['npm', 'owner/repo'],
  ['npm', 'https://host/x.tgz'],
  ['npm', 'a b'],
  ['npm', 'name@1.0.0'],
  ['npm', '--global'],
  ['npm', `x${'y'.repeat(300)}`],
  ['npm', 'a\u202eb'],
  ['pypi', '-r'],
  ['pypi', 'git+https://x'],
  ['oci', 'a b'],
  ['oci', '../x'],
  ['mcpb', 'http://a.com/x.mcpb'],
  ['mcpb', 'https://u:p@a.com/x.mcpb'],
  ['mcpb', 'https://a.com/x.mcpb?token=1'],
  ['mcpb', 'x.mcpb'],
])('%s has no package called %j', (type, name) => {
  expect(purlOf(type, name)).toBeUndefined();
});

test.each([
  ['npm:@scope/name', 'pkg:npm/%40scope/name', undefined],
  ['npm:@scope/name@1.2.3', 'pkg:npm/%40scope/name', '1.2.3'],
  ['npm:name@latest', 'pkg:npm/name', 'latest'],
  ['pypi:mcp-server-git@2025.1.1', 'pkg:pypi/mcp-server-git', '2025.1.1'],
  ['oci:ghcr.io/o/i', 'pkg:oci/i?repository_url=ghcr.io%2Fo%2Fi', undefined],
])('the spec %s is read and written', (spec, purl, version) => {
  expect(parseSpec(spec)).toEqual({ purl, ...(version && { version }) });
  expect(formatSpec(purl, version)).toBe(spec);
});

test.each(['name', 'npm:', 'npm:@scope', 'foo:bar', 'https://x/y', 'npm:a@1@2', 'npm:../x'])(
  '%j is no spec',
  (spec) => {
    expect(parseSpec(spec)).toBeUndefined();
  },
);

test.each(['', 'pkg:', 'pkg:npm/', 'pkg:generic/x', 'nonsense'])('%j is no purl of ours', (purl) => {
  expect(parsePurl(purl)).toBeUndefined();
});
