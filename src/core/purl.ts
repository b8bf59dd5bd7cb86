import npa from 'npm-package-arg';
import { PackageURL } from 'packageurl-js';

/**
 * Kinds of package that a server can come as. `oci` names are references without tag or digest; an `mcpb` bundle is
 * called by the address that it is downloaded from, since no registry names it.
 */
export const PACKAGE_TYPES = ['npm', 'pypi', 'oci', 'nuget', 'cargo', 'golang', 'mcpb'] as const;
export type PackageType = (typeof PACKAGE_TYPES)[number];

/** A package by type and name, the name as its own ecosystem writes it (`@scope/name`, `ghcr.io/owner/image`). */
export interface Package {
  readonly type: PackageType;
  readonly name: string;
  readonly version?: string;
}

/** Each ecosystem's one form of a name, or undefined where the text cannot be a name there. */
const CANONICAL: Readonly<Record<PackageType, (name: string) => string | undefined>> = {
  npm: (name) => (isNpmName(name) ? name.toLowerCase() : undefined),
  // PEP 503: runs of - _ . are one hyphen.
  pypi: (name) =>
    /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) ? name.toLowerCase().replace(/[-_.]+/g, '-') : undefined,
  oci: imageName,
  nuget: (name) => (/^[\w.-]+$/.test(name) ? name.toLowerCase() : undefined),
  cargo: (name) => (/^[a-z][\w-]*$/i.test(name) ? name.toLowerCase() : undefined),
  // Paths of modules keep their case, or the module proxy knows none of them.
  golang: (name) => (/^[a-z0-9-]+(\.[a-z0-9-]+)+(\/[\w.~-]+)+$/i.test(name) ? name : undefined),
  mcpb: bundleAddress,
};

/** The address of a bundle; without user, query and fragment, since those are no part of what it is. */
function bundleAddress(address: string): string | undefined {
  const url = /^https:\/\//i.test(address) ? URL.parse(address) : null;
  if (url?.username !== '' || url.search !== '' || url.pathname.endsWith('/')) return undefined;
  return `${url.origin}${url.pathname}`;
}

function isNpmName(name: string): boolean {
  if (name.length > 214 || !/^(@[\w.~-]+\/)?[\w.~-]+$/.test(name)) return false;
  try {
    const spec = npa(name);
    return spec.registry === true && spec.name === name;
  } catch {
    return false;
  }
}

/** `registry/path` of an image reference, Docker Hub spelled out; tag and digest are dropped. */
function imageName(reference: string): string | undefined {
  const bare = reference
    .toLowerCase()
    .replace(/@sha256:.*$/, '')
    .replace(/:[^/:]*$/, '');
  if (!/^[a-z0-9][a-z0-9._-]*(:\d+)?(\/[a-z0-9._-]+)*$/.test(bare)) return undefined;
  const [first = '', ...rest] = bare.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (hasHost) return bare.replace(/^(index|registry-1)\.docker\.io\//, 'docker.io/');
  return rest.length > 0 ? `docker.io/${bare}` : `docker.io/library/${bare}`;
}

/** The versionless purl of a package in canonical form; undefined where `name` cannot be a name of that type. */
export function purlOf(type: PackageType, name: string): string | undefined {
  const canonical = CANONICAL[type](name.trim());
  if (canonical === undefined) return undefined;
  const slash = canonical.lastIndexOf('/');
  const tail = canonical.slice(slash + 1);
  if (type === 'oci')
    return new PackageURL('oci', undefined, tail, undefined, { repository_url: canonical }, undefined).toString();
  if (type === 'mcpb')
    return new PackageURL('generic', undefined, tail, undefined, { download_url: canonical }, undefined).toString();
  const scope = slash > 0 ? canonical.slice(0, slash) : undefined;
  return new PackageURL(type, scope, tail, undefined, undefined, undefined).toString();
}

/** The package that a purl names; undefined for other types and for what is no purl. */
export function parsePurl(purl: string): Package | undefined {
  try {
    const { type, namespace, name, version, qualifiers } = PackageURL.fromString(purl);
    const address = type === 'generic' ? qualifiers?.download_url : undefined;
    if (address !== undefined) return { type: 'mcpb', name: address };
    if (!isPackageType(type)) return undefined;
    const whole = type === 'oci' ? (qualifiers?.repository_url ?? name) : namespace ? `${namespace}/${name}` : name;
    return { type, name: whole, ...(version !== undefined && { version }) };
  } catch {
    return undefined;
  }
}

/** Reads `TYPE:NAME[@VERSION]`, as people write packages here; undefined where it is none. */
export function parseSpec(spec: string): { readonly purl: string; readonly version?: string } | undefined {
  const [, type = '', name = '', version] = /^([a-z]+):(@?[^@]+)(?:@([^@\s]+))?$/.exec(spec.trim()) ?? [];
  const purl = isPackageType(type) ? purlOf(type, name) : undefined;
  return purl === undefined ? undefined : { purl, ...(version !== undefined && { version }) };
}

/** Writes a purl as `TYPE:NAME[@VERSION]`; undefined for types that have no such form. */
export function formatSpec(purl: string, version?: string): string | undefined {
  const parsed = parsePurl(purl);
  const suffix = version ?? parsed?.version;
  if (!parsed || parsed.type === 'mcpb') return undefined;
  return `${parsed.type}:${parsed.name}${suffix === undefined ? '' : `@${suffix}`}`;
}

function isPackageType(type: string): type is PackageType {
  return (PACKAGE_TYPES as readonly string[]).includes(type);
}
