import { parse } from 'yaml';
import { z } from 'zod';
import { definitionFingerprint } from '#core/definition.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import { accessOf, CATEGORIES, type Evidence, RISKS, STARTING_RISK, type Verdict } from '#domain/verdict.ts';
import { findQuote } from './judge/quotable.ts';

const text = z.string().trim().min(1);
const Curation = z.strictObject({
  server: text,
  tool: text,
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/, 'is the 64 hex digits that the tool page and the API give'),
  category: z.enum(CATEGORIES),
  risk: z.enum(RISKS),
  quote: text,
  reason: z.string().trim().min(20, 'says why in a sentence or more'),
  author: text,
  date: z.iso.date(),
});
const Curations = z.array(Curation).superRefine((all, context) => {
  for (const [at, { fingerprint, category, risk }] of all.entries()) {
    if (all.findIndex((other) => other.fingerprint === fingerprint) < at)
      context.addIssue({ code: 'custom', path: [at, 'fingerprint'], message: 'is corrected twice' });
    if (Math.abs(RISKS.indexOf(risk) - RISKS.indexOf(STARTING_RISK[category])) > 2)
      context.addIssue({
        code: 'custom',
        path: [at, 'risk'],
        message: `is more than two steps from where ${category} starts`,
      });
  }
});

/** A person's correction of the verdict on one definition, wherever it is met. */
export type Curation = z.infer<typeof Curation>;

/** Reads a file of curations. Throws, naming every entry and field that is not right and what is expected. */
export function readCurations(yaml: string): readonly Curation[] {
  const read = Curations.safeParse(parse(yaml) ?? []);
  if (read.success) return read.data;
  const list = read.error.issues.map(({ path, message }) => {
    const [at, ...rest] = path;
    return `entry ${typeof at === 'number' ? at + 1 : 1}${rest.length > 0 ? `, ${rest.join('.')}` : ''}: ${message}`;
  });
  throw new Error(`data/curations.yaml: ${list.join('; ')}`);
}

/**
 * A verdict as a person put it right: visibly, with what stood before. Undefined where no curation is about this very
 * definition, its quote does not stand in it (a changed definition is judged anew), or the verdict is right by now.
 */
export function correct(curations: readonly Curation[], tool: ToolDefinition, verdict: Verdict): Verdict | undefined {
  if (!curations.some((one) => one.tool === tool.name)) return undefined;
  const fingerprint = definitionFingerprint(tool);
  const curation = curations.find((one) => one.fingerprint === fingerprint && one.tool === tool.name);
  const quote = curation && findQuote(tool, '', curation.quote);
  if (!quote) return undefined;
  const { category, risk, author, reason, date } = curation;
  if (verdict.category === category && verdict.risk === risk) return undefined;
  const said = (says: Evidence['says']): Evidence => ({ signal: 'curation', says, weight: 1, because: reason, quote });
  const moved = RISKS.indexOf(risk) - RISKS.indexOf(STARTING_RISK[category]);
  return {
    ...verdict,
    category,
    access: accessOf(category),
    risk,
    evidence: [said(category), ...(moved === 0 ? [] : [said(moved > 0 ? 'raises' : 'lowers')]), ...verdict.evidence],
    correction: { author, reason, date, before: { category: verdict.category, risk: verdict.risk } },
  };
}
