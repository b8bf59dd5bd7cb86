import { CATEGORIES } from '#domain/verdict.ts';
import { accuracySection, type Measured, percent, VARIANTS } from '../facts/accuracy.ts';
import { method } from '../facts/method.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';

/** How good the verdicts are, as `evaluate --write` last measured them. */
const page: CataloguePage<readonly Measured[]> = {
  id: 'accuracy',
  of: 'catalogue',
  path: '/accuracy',
  load: async () => ({ subject: (await method()).accuracy }),
  render(accuracy, links, here) {
    return layout(
      {
        title: 'Accuracy',
        description: 'How often the verdicts of Plimsoll are right, measured on judged tools, class by class.',
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('method')}">Method</a></nav>
<header class="head"><h1>Accuracy</h1></header>
${accuracySection(accuracy)}
<p><a href="${links.to('method')}#failings">Known failings</a> say what these figures cannot show.</p>`,
      },
      links,
      here,
    );
  },
  markdown: (accuracy, links) => md`# Accuracy

${accuracy.flatMap(({ split, variants }) =>
  Object.entries(variants).map(([variant, one]) =>
    one
      ? md`- ${split}, ${VARIANTS[variant] ?? variant}: n ${one.n}, category right ${percent(one.category)}, false-safe ${percent(one.falseSafe)}, false alarm ${percent(one.falseAlarm)}, risk right ${percent(one.risk)}\n`
      : '',
  ),
)}
${accuracy
  .filter(({ split }) => split === 'all')
  .map(({ variants: { rules } }) =>
    rules
      ? CATEGORIES.map(
          (name) =>
            md`- ${name}: ${rules.classes[name].labels} labels, precision ${percent(rules.classes[name].precision)}, recall ${percent(rules.classes[name].recall)}\n`,
        )
      : '',
  )}
${mdLink('Method and known failings', links.to('method'))}
`,
};

export default page;
