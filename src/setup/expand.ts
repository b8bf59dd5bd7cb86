/** What the variables in a configuration stand for. */
export interface Values {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly workspace: string;
}

/** `${env:NAME}`, `${NAME}`, `${NAME:-default}`, `${input:name}`, `${{ secrets.NAME }}`, `%NAME%`. */
const VARIABLE = /\$\{\{\s*(?:secrets|inputs)\.([\w.-]{1,100})\s*\}\}|\$\{([^{}$]{1,300})\}|%([A-Za-z_]\w{0,99})%/g;
const FOLDERS: Readonly<Record<string, (values: Values) => string>> = {
  userHome: ({ home }) => home,
  HOME: ({ home }) => home,
  workspaceFolder: ({ workspace }) => workspace,
  workspaceRoot: ({ workspace }) => workspace,
  cwd: ({ workspace }) => workspace,
};

interface Variable {
  readonly kind: 'env' | 'input' | 'folder';
  readonly name: string;
  readonly fallback?: string;
}

function variableOf(secret: string | undefined, inner: string | undefined, percent: string | undefined): Variable {
  if (secret !== undefined) return { kind: 'input', name: secret };
  if (percent !== undefined) return { kind: 'env', name: percent };
  const [, prefix, name = '', fallback] =
    /^(?:(env|input|config|command|file):)?([^:]*?)(?::-(.*))?$/s.exec(inner!) ?? [];
  if (prefix !== undefined && prefix !== 'env') return { kind: 'input', name };
  if (prefix === undefined && Object.hasOwn(FOLDERS, name)) return { kind: 'folder', name };
  return { kind: 'env', name, ...(fallback !== undefined && { fallback }) };
}

/** A text with its variables filled in, as far as they are known, and the names of those that are not. */
export function expand(text: string, values: Values): { readonly text: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const filled = text.replace(VARIABLE, (whole, secret, inner, percent) => {
    const { kind, name, fallback } = variableOf(secret, inner, percent);
    if (kind === 'folder') return FOLDERS[name]!(values);
    const value = kind === 'env' && Object.hasOwn(values.env, name) ? values.env[name] : undefined;
    const known = value !== undefined && value !== '' ? value : fallback;
    if (known === undefined) missing.push(name);
    return known ?? whole;
  });
  return { text: filled, missing };
}

/** The names of the variables in a text that stand for something of the user's other than a folder. */
export function variablesIn(text: string): readonly string[] {
  const found = [...text.matchAll(VARIABLE)].map(([, secret, inner, percent]) => variableOf(secret, inner, percent));
  return [...new Set(found.filter(({ kind }) => kind !== 'folder').map(({ name }) => name))];
}
