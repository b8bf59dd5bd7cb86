import { Document, isScalar, type Node, visit } from 'yaml';
import { unseenEscaped } from './unseen.ts';

/** Words that some reader of YAML takes for something other than text (YAML 1.1 and 1.2). */
const NOT_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i;
const PLAIN = /^[A-Za-z][A-Za-z0-9_./-]*$/;

/** A value with a comment in front, one line each. Lines must not hold line breaks of any kind. */
export function commented(value: unknown, lines: readonly string[]): Node {
  const node = new Document(value).contents as Node;
  node.commentBefore = lines.map((line) => ` ${line}`).join('\n');
  return node;
}

/**
 * A value as YAML that versions 1.1 and 1.2 read alike: every text that is not a plain word stands in double quotes,
 * no line is folded, nothing without ink stands unescaped. Maps keep their order; use `Map` for strangers' keys.
 */
export function yamlText(value: unknown, head: readonly string[]): string {
  const document = new Document(value);
  document.commentBefore = head.map((line) => ` ${line}`).join('\n');
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      const bare = PLAIN.test(node.value) && !NOT_TEXT.test(node.value);
      node.type = bare ? 'PLAIN' : 'QUOTE_DOUBLE';
    },
  });
  return unseenEscaped(document.toString({ lineWidth: 0, aliasDuplicateObjects: false } as never));
}
