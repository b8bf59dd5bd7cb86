import type { Reader } from '../formats/prepare.ts';

const ILL = 'The name is not well-formed Unicode, so no file can carry it.';

/** For formats that compare whole strings: every name that a file can carry at all. An empty one stands for no name. */
export const exact: Reader = () => (tool) => {
  if (tool === '') return 'The name is empty.';
  return tool.isWellFormed() ? undefined : ILL;
};

/** For formats whose `*` means every tool, or in which patterns may stand where names do. */
export const exactNoWildcard: Reader = both(
  exact,
  () => (tool) => (/[*?[\]{}]/.test(tool) ? 'The format reads wildcards in names.' : undefined),
);

/**
 * For formats that build longer names or patterns of a tool's name, or cut lists at commas: letters, digits,
 * underscores, hyphens, at most 64, which is what model APIs take as a tool's name anyway.
 */
export const plain: Reader = () => (tool) =>
  /^[A-Za-z0-9_-]{1,64}$/.test(tool)
    ? undefined
    : 'The format takes names of letters, digits, underscores and hyphens only, at most 64.';

/** The same with dots, at most 128: what the protocol itself recommends (MCP 2025-11-25, tool names). */
export const recommended: Reader = () => (tool) =>
  /^[A-Za-z0-9_.-]{1,128}$/.test(tool) ? undefined : 'The format is only known to keep names that the MCP recommends.';

/** For clients that put `_` for characters that they do not take, so that two tools may come to bear one name. */
export function toldApart(client: string, replaced: RegExp): Reader {
  return (tools) => {
    const seen = new Map<string, number>();
    const normal = (tool: string) => tool.replace(replaced, '_');
    for (const tool of new Set(tools)) seen.set(normal(tool), (seen.get(normal(tool)) ?? 0) + 1);
    return (tool) =>
      seen.get(normal(tool))! > 1 ? `Another tool has the same name once ${client} has normalised both.` : undefined;
  };
}

/** Both must hold. */
export function both(one: Reader, other: Reader): Reader {
  return (tools, label) => {
    const [first, second] = [one(tools, label), other(tools, label)];
    return (tool) => first(tool) ?? second(tool);
  };
}
