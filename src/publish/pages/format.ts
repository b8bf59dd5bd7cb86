import type { Exporter } from '../formats/exporter.ts';
import { EXPORTERS } from '../formats/formats.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdCode } from '../markup/markdown.ts';
import type { CataloguePage } from '../page.ts';
import { abilitiesInWords } from '../sections/abilities.ts';

/** One format that policies are written in: where its file goes, how to see it bite, and what it can say. */
const page: CataloguePage<Exporter> = {
  id: 'format',
  of: 'catalogue',
  path: '/formats/:format',
  keys: () => EXPORTERS.map(({ id }) => [id]),
  async load({ key }) {
    const subject = EXPORTERS.find(({ id }) => id === key[0]);
    return subject && { subject };
  },
  render({ id, title, where, load, check, can }, links, here) {
    return layout(
      {
        title,
        description: `Policies as ${title}: where the file goes, how it is loaded, how to see it bite, and what the format can say.`,
        body: html`<nav class="crumbs" aria-label="Breadcrumb"><a href="${links.to('formats')}">Formats</a></nav>
<header class="head"><h1>${title}</h1></header>
<section><h2>Use</h2><dl class="facts"><div><dt>Where</dt><dd>${where}</dd></div><div><dt>Load</dt><dd>${load}</dd></div><div><dt>Check</dt><dd>${check}</dd></div><div><dt>Write</dt><dd><code>npm run plimsoll -- export SERVER --format ${id}</code></dd></div></dl></section>
<section><h2>What it can say</h2><p>What it cannot say becomes asking or denying, never more than the policy allows; each server’s page names what becomes of its own policy.</p><ul>${abilitiesInWords(can).map((one) => html`<li>${one}</li>`)}</ul></section>`,
      },
      links,
      here,
    );
  },
  markdown: ({ id, title, where, load, check, can }) => md`# ${title}

- Where: ${where}
- Load: ${load}
- Check: ${check}
- Write: ${mdCode(`npm run plimsoll -- export SERVER --format ${id}`)}

What it can say:

${abilitiesInWords(can).map((one) => md`- ${one}\n`)}`,
};

export default page;
