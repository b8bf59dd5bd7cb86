import type { SyntaxNode } from '@lezer/common';

/** A piece of a Python file, and the text that it is a piece of. */
export interface Piece {
  readonly node: SyntaxNode;
  readonly text: string;
}

export const textOf = ({ node, text }: Piece): string => text.slice(node.from, node.to);

/** The children of a node, without comments. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'Comment') children.push(child);
  return children;
}

/** The arguments of a call or of a decorator: those by position, and those by name. What is unpacked is left out. */
export function argumentsOf(list: SyntaxNode | null | undefined, text: string) {
  const positional: SyntaxNode[] = [];
  const named = new Map<string, SyntaxNode>();
  for (const group of separated(list ? childrenOf(list).slice(1) : [])) {
    const [first, second, third] = group;
    if (!first || /^\*/.test(first.name)) continue;
    if (second?.name === 'AssignOp' && third) named.set(text.slice(first.from, first.to), third);
    else if (group.length === 1) positional.push(first);
  }
  return { positional, named };
}

/** Children in groups, as commas and the closing bracket part them. */
export function separated(children: readonly SyntaxNode[]): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of children)
    if (child.name === ',') groups.push([]);
    else if (!/^[)\]}]$/.test(child.name)) groups.at(-1)!.push(child);
  return groups.filter((group) => group.length > 0);
}

/** The last name of a dotted expression (`types.Tool` is `Tool`); undefined for anything else. */
export function lastName({ node, text }: Piece): string | undefined {
  if (node.name !== 'VariableName' && node.name !== 'MemberExpression') return undefined;
  return /(?:^|\.)([A-Za-z_]\w*)$/.exec(text.slice(node.from, node.to))?.[1];
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
};

/** What a string literal without placeholders stands for. */
export function unquote(literal: string): string | undefined {
  const [, prefix = '', quote = ''] = /^([a-z]*)("""|'''|"|')/i.exec(literal) ?? [];
  if (quote === '' || /b/i.test(prefix)) return undefined;
  const body = literal.slice(prefix.length + quote.length, literal.endsWith(quote) ? -quote.length : undefined);
  if (/r/i.test(prefix)) return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined)
        return Number.parseInt(hex, 16) > 0x10ffff ? whole : String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return ESCAPES[one!] ?? (/["'\\]/.test(one!) ? one! : whole);
    },
  );
}

/** A docstring as `inspect.cleandoc` gives it: indentation that all lines but the first share is taken away. */
export function cleaned(text: string): string {
  const lines = text.replaceAll('\t', '        ').split('\n');
  const rest = lines.slice(1).filter((line) => line.trim() !== '');
  const margin = Math.min(...rest.map((line) => line.length - line.trimStart().length));
  const shifted = lines.map((line, index) =>
    index === 0 ? line.trimStart() : line.slice(Math.min(margin, line.length)),
  );
  return shifted.join('\n').trim();
}

/** The docstring of a function or class. */
export function docstringOf({ node, text }: Piece): string | undefined {
  const body = node.getChild('Body');
  const first = body && childrenOf(body).find((child) => child.name !== ':');
  const string = first?.name === 'ExpressionStatement' ? first.firstChild : undefined;
  if (string?.name !== 'String' && string?.name !== 'ContinuedString') return undefined;
  const parts = string.name === 'String' ? [string] : string.getChildren('String');
  const said = parts.map((part) => unquote(text.slice(part.from, part.to)) ?? '').join('');
  return said === '' ? undefined : cleaned(said);
}
