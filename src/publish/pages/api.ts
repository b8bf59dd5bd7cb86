import { type Described, described, type Operation } from '../facts/openapi.ts';
import type { Html } from '../markup/html.ts';
import { html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { type Markdown, md, mdCode } from '../markup/markdown.ts';
import { code } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';

/** What programs may ask, from the OpenAPI document that the server gives of itself. */
const page: CataloguePage<Described> = {
  id: 'api',
  of: 'catalogue',
  path: '/api',
  liveOnly: true,
  async load(_, { document }) {
    return document && { subject: described(document()) };
  },
  render({ description, operations }, links, here) {
    return layout(
      {
        title: 'API',
        description: 'What programs may ask of the Plimsoll catalogue.',
        body: html`<header class="head"><h1>API</h1></header>
<p>${description} The whole of it as a document: <a href="${links.openapi ?? '/openapi.json'}">openapi.json</a>. Most pages here are Markdown too, with <code>.md</code> at the end of their address.</p>
<nav aria-label="On this page"><ul class="ways">${operations.map((one) => html`<li><a href="#${one.id}"><code>${one.method} ${one.path}</code></a></li>`)}</ul></nav>
${operations.map(section)}`,
      },
      links,
      here,
    );
  },
  markdown: ({ description, operations }) => md`# API

${description}

${operations.map(mdSection)}`,
};

export default page;

function section({ id, method, path, summary, description, parameters, body, answers }: Operation): Html {
  return html`<section id="${id}"><h2><code>${method} ${path}</code></h2><p>${summary}.</p>${description === undefined ? '' : html`<p>${description}</p>`}
${
  parameters.length === 0
    ? ''
    : html`<div class="table" tabindex="0" role="region" aria-label="Parameters of ${method} ${path}"><table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">What it is</th></tr></thead><tbody>${parameters.map(
        (one) =>
          html`<tr><th scope="row">${code(one.name)}${one.required ? html` <span class="required">required</span>` : ''}</th><td>${one.place}</td><td>${one.description}${one.type === '' ? '' : html` <span class="quiet">${one.type}</span>`}</td></tr>`,
      )}</tbody></table></div>`
}
${body === undefined ? '' : html`<p>Body: ${body}</p>`}
<ul>${answers.map(({ status, description: said, type }) => html`<li><code>${status}</code> ${said}${type === undefined ? '' : html` <span class="quiet">${type}</span>`}</li>`)}</ul></section>`;
}

function mdSection({ method, path, summary, parameters, answers }: Operation): Markdown {
  return md`## ${mdCode(`${method} ${path}`)}

${summary}.

${parameters.map((one) => md`- ${mdCode(one.name)} (${one.place}${one.required ? ', required' : ''}): ${one.description} ${one.type}\n`)}
${answers.map(({ status, description }) => md`- ${mdCode(status)} ${description}\n`)}
`;
}
