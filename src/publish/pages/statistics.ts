import type { Figures } from '#domain/lists.ts';
import { CATEGORIES, RISKS } from '#domain/verdict.ts';
import type { Links } from '../addresses/links.ts';
import { FACET_VALUES } from '../browse/facets.ts';
import { OUTCOME_TITLES } from '../facts/visit.ts';
import { type Html, html } from '../markup/html.ts';
import { layout } from '../markup/layout.ts';
import { md, mdLink } from '../markup/markdown.ts';
import { count } from '../markup/parts.ts';
import type { CataloguePage } from '../page.ts';
import { bars } from '../plots/bars.ts';
import { type Plot, plotFrame } from '../plots/frame.ts';
import { steps } from '../plots/lines.ts';

/** Days of growth in the table beside the drawing, the newest first. */
const DAYS = 14;

/** What the whole catalogue holds, drawn on the server, with every figure in a table beside. */
const page: CataloguePage<Figures> = {
  id: 'statistics',
  of: 'catalogue',
  path: '/statistics',
  load: async (_, catalogue) => ({ subject: await catalogue.figures() }),
  render(figures, links, here) {
    return layout(
      {
        title: 'Statistics',
        description: 'Tools of MCP servers by category and risk, servers by outcome, growth, and what authors declare.',
        body: html`<header class="head"><h1>Statistics</h1></header>
<p>Of everything that is present now. What a word means stands in <a href="${links.to('method')}">the method</a>; the same figures are at <a href="${links.to('home')}">the front page</a> in short.</p>
<div class="plots">${plotsOf(figures, links).map(plotFrame)}</div>`,
      },
      links,
      here,
    );
  },
  markdown: (figures, links) => md`# Statistics

${plotsOf(figures, links).map(
  ({ title, about, head, rows }) => md`## ${title}

${about}

| ${head.map((cell, at) => md`${at > 0 ? ' | ' : ''}${cell}`)} |
|${head.map(() => ' --- |')}
${rows.map((row) => md`| ${row.map((cell, at) => md`${at > 0 ? ' | ' : ''}${typeof cell === 'object' ? bare(cell) : cell}`)} |\n`)}
`,
)}
${mdLink('Method', links.to('method'))}
`,
};

export default page;

/** The words of a cell that is a link on the page. */
function bare(cell: Html): string {
  return cell.toString().replace(/<[^>]*>/g, '');
}

function plotsOf(figures: Figures, links: Links): readonly Plot[] {
  return [
    byCategory(figures, links),
    byOutcome(figures),
    ...growth(figures),
    byFacet(figures, links),
    annotations(figures),
  ];
}

/** A plot of bars, and the same as a table. */
function barPlot(
  facts: Pick<Plot, 'id' | 'title' | 'about'>,
  drawn: Parameters<typeof bars>[3],
  head: Plot['head'],
  rows: Plot['rows'],
): Plot {
  return { ...facts, drawing: html`<div>${bars(facts.id, facts.title, facts.about, drawn)}</div>`, head, rows };
}

function byCategory({ verdicts }: Figures, links: Links): Plot {
  const of = (category: string, risk: string) =>
    verdicts.find((one) => one.category === category && one.risk === risk)?.tools ?? 0;
  const facts = {
    id: 'verdicts',
    title: 'Tools by category and risk',
    about: 'How many assessed tools there are of each category, and of these how many carry which risk.',
  };
  return barPlot(
    facts,
    CATEGORIES.map((category) => ({
      label: category,
      parts: RISKS.map((risk) => ({ name: `${risk} risk`, value: of(category, risk), tone: risk })),
    })),
    ['Category', ...RISKS],
    CATEGORIES.map((category) => [
      html`<a href="${links.to('category', category.toLowerCase())}">${category}</a>`,
      ...RISKS.map((risk) => of(category, risk)),
    ]),
  );
}

function byOutcome({ outcomes }: Figures): Plot {
  const facts = {
    id: 'outcomes',
    title: 'Servers by outcome',
    about: 'How many servers listed their tools when they were last visited, and why the others did not.',
  };
  const rows = outcomes.toSorted((a, b) => b.servers - a.servers);
  return barPlot(
    facts,
    rows.map(({ outcome, servers }) => ({
      label: OUTCOME_TITLES[outcome],
      parts: [{ name: 'servers', value: servers, tone: outcome === 'listed' ? 'low' : 'plain' }],
    })),
    ['Outcome', 'Servers'],
    rows.map(({ outcome, servers }) => [OUTCOME_TITLES[outcome], servers]),
  );
}

function growth({ growth: days }: Figures): readonly Plot[] {
  const newest = days.slice(-DAYS).toReversed();
  return (['servers', 'tools'] as const).map((what): Plot => {
    const title = `${what === 'servers' ? 'Servers' : 'Tools'} over time`;
    const about =
      what === 'servers'
        ? 'How many servers were known at the end of each day on which something came.'
        : 'How many tools were present at the end of each day on which something came or went.';
    const points = days.map((one) => ({ day: one.day, value: one[what] }));
    return {
      ...{ id: `growth-${what}`, title, about },
      drawing: html`<div>${steps(`growth-${what}`, title, about, points, 'read')}</div>`,
      head: ['Day', what === 'servers' ? 'Servers' : 'Tools'],
      rows: newest.map((one) => [one.day, one[what]]),
    };
  });
}

function byFacet({ facets }: Figures, links: Links): Plot {
  const facts = {
    id: 'facets',
    title: 'Tools by facet',
    about: 'How many tools show what beside their category; a tool may show several, or none.',
  };
  const rows = FACET_VALUES.map((value) => ({
    ...value,
    tools: facets.find(({ mark }) => mark === value.mark)?.tools ?? 0,
  })).toSorted((a, b) => b.tools - a.tools);
  return barPlot(
    facts,
    rows.map(({ id: label, tools }) => ({
      label,
      parts: [{ name: 'tools', value: tools, tone: 'write' }],
    })),
    ['Facet', 'Tools'],
    rows.map((one) => [html`<a href="${links.to('facet', one.id)}">${one.title}</a>`, one.tools]),
  );
}

function annotations({ hints, annotated, verdicts }: Figures): Plot {
  const assessed = verdicts.reduce((sum, { tools }) => sum + tools, 0);
  const facts = {
    id: 'annotations',
    title: 'What authors declare',
    about: `${count(annotated, 'tool')} declare at least one hint of the protocol; ${count(assessed, 'tool')} are assessed. A hint that is absent has a default, which is no claim.`,
  };
  return barPlot(
    facts,
    hints.map(({ hint, yes, no }) => ({
      label: hint,
      parts: [
        { name: 'declared true', value: yes, tone: 'read' },
        { name: 'declared false', value: no, tone: 'plain' },
      ],
    })),
    ['Hint', 'true', 'false'],
    hints.map(({ hint, yes, no }) => [html`<code>${hint}</code>`, yes, no]),
  );
}
