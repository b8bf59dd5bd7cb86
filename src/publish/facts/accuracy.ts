import { CATEGORIES, type Category } from '#domain/verdict.ts';
import { type Html, html } from '../markup/html.ts';
import { categoryBadge, code, count } from '../markup/parts.ts';

/** Figures of one way to judge, as data/accuracy.json has them. */
interface Figures {
  readonly n: number;
  readonly category: number;
  readonly falseSafe: number;
  readonly worst: number;
  readonly falseAlarm: number;
  readonly risk: number;
  readonly macroF1: number;
  readonly classes: Readonly<
    Record<Category, { readonly labels: number; readonly precision: number | null; readonly recall: number | null }>
  >;
  readonly falseSafes: readonly { readonly server: string; readonly tool: string; readonly label: string }[];
  readonly calibration?: {
    readonly error: number;
    readonly bins: readonly {
      readonly from: number;
      readonly n: number;
      readonly confidence: number;
      readonly right: number;
    }[];
  };
}

/** What was measured on one part of the gold set, by each way to judge. */
export interface Measured {
  readonly split: string;
  readonly consistency?: { readonly operations: number; readonly consistent: number; readonly explained: number };
  readonly variants: { readonly [variant: string]: Figures | undefined };
}

/** Ways to judge, in words. */
export const VARIANTS: Readonly<Record<string, string>> = {
  rules: 'Rules alone',
  annotations: 'Authors’ annotations alone',
  llm: 'Language model alone',
  hybrid: 'Rules and language model',
};
const PARTS: Readonly<Record<string, string>> = { all: 'all', fit: 'open to fitting', test: 'held back from fitting' };

/** A share in per cent; a dash where there was nothing to measure. */
export const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

/** The measured shares of each way to judge. */
export function accuracyInShort(accuracy: readonly Measured[]): Html {
  return html`<p>Measured on the tools in <code>data/gold</code>, which Plimsoll listed itself and which were judged by the taxonomy before any verdict was looked at. <code>npm run plimsoll -- evaluate</code> measures again. False-safe is the share of tools that can change, run, destroy or pay and were called Read.</p>
<div class="table" tabindex="0" role="region" aria-label="Accuracy"><table><thead><tr><th scope="col">Tools</th><th scope="col">Judged by</th><th scope="col">n</th><th scope="col">Category right</th><th scope="col">False-safe</th><th scope="col">False alarm</th><th scope="col">Risk right</th><th scope="col">Macro-F1</th></tr></thead><tbody>${accuracy.flatMap(
    ({ split, variants }) =>
      Object.entries(variants).map(([variant, one]) =>
        one
          ? html`<tr><td>${PARTS[split] ?? split}</td><td>${VARIANTS[variant] ?? variant}</td><td>${one.n}</td><td>${percent(one.category)}</td><td>${percent(one.falseSafe)}</td><td>${percent(one.falseAlarm)}</td><td>${percent(one.risk)}</td><td>${one.macroF1}</td></tr>`
          : '',
      ),
  )}</tbody></table></div>`;
}

/** All that was measured: shares, classes, calibration, consistency. */
export function accuracySection(accuracy: readonly Measured[]): Html {
  const all = accuracy.find(({ split }) => split === 'all');
  const rules = all?.variants.rules;
  return html`${accuracyInShort(accuracy)}${rules ? detail(rules) : ''}${all?.consistency ? consistent(all.consistency) : ''}`;
}

function consistent({ operations, consistent, explained }: NonNullable<Measured['consistency']>): Html {
  return html`<h2>Consistency</h2><p>Of ${count(operations, 'operation')} that stand on more than one of these servers, ${consistent} have one category everywhere, ${explained} differ for reasons that the evidence names, and ${operations - consistent - explained} without.</p>`;
}

function detail({ classes, falseSafes, calibration }: Figures): Html {
  return html`<h2>The rules, class by class</h2><div class="table" tabindex="0" role="region" aria-label="Class by class"><table><thead><tr><th>Class</th><th>Labels</th><th>Precision</th><th>Recall</th></tr></thead><tbody>${CATEGORIES.map(
    (name) =>
      html`<tr><td>${categoryBadge(name)}</td><td>${classes[name].labels}</td><td>${percent(classes[name].precision)}</td><td>${percent(classes[name].recall)}</td></tr>`,
  )}</tbody></table></div>
${falseSafes.length === 0 ? '' : html`<h2>Called Read and are not</h2><ul>${falseSafes.map(({ server, tool, label }) => html`<li>${code(tool)} of ${code(server)}, judged ${label}</li>`)}</ul>`}
${
  calibration === undefined
    ? ''
    : html`<h2>Confidence</h2><p>Expected calibration error ${calibration.error}: how far the stated confidence is from the share that is right, on average.</p><div class="table" tabindex="0" role="region" aria-label="Confidence"><table><thead><tr><th>Confidence from</th><th>n</th><th>Mean confidence</th><th>Right</th></tr></thead><tbody>${calibration.bins.map(
        (bin) =>
          html`<tr><td>${bin.from}</td><td>${bin.n}</td><td>${percent(bin.confidence)}</td><td>${percent(bin.right)}</td></tr>`,
      )}</tbody></table></div>`
}`;
}
