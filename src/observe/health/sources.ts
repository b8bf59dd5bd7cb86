import { visibleLine } from '#core/visible.ts';
import type { SourceStatus } from '#domain/lists.ts';
import { DAY, type Finding, well, wrong } from './finding.ts';

/** How the error of a pass ends that listed far less than the one before. */
export const UNBELIEVED = ', which is not believed';

/** Whether a pass ended with that. */
export function isHalved(error: string): boolean {
  return error.endsWith(UNBELIEVED);
}

/** What accepts that a source lists so few now. */
export function acceptCommand(id: string): string {
  return `npm run plimsoll -- discover --accept ${id}`;
}

/** A source may miss a night. */
const MISSES = 2 * DAY;

/** Sources whose last passes went wrong; one that has never answered here is nobody's to mend tonight. */
export function sourceFindings(sources: readonly SourceStatus[], now: Date): readonly Finding[] {
  const ill = sources.flatMap(({ id, error, lastGood, lastTried }): readonly Finding[] => {
    if (error === undefined || !lastGood) return [];
    const command = `npm run plimsoll -- discover --source ${id}`;
    const since = lastGood;
    if (isHalved(error))
      return [
        wrong(`source ${id}`, visibleLine(error), {
          since,
          advice: `What it listed before still holds, and nothing is taken as gone. Where it truly lists so few now: ${acceptCommand(id)}`,
          command,
        }),
      ];
    const lasts = (lastTried ?? now).getTime() - lastGood.getTime();
    return lasts > MISSES ? [wrong(`source ${id}`, `failing: ${visibleLine(error)}`, { since, command })] : [];
  });
  return ill.length > 0
    ? ill
    : [well('passes', `${sources.filter(({ lastGood }) => lastGood).length} sources answered`)];
}
