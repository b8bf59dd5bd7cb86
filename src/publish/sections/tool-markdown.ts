import { displayName } from '#core/display-name.ts';
import { visibleJson } from '#core/visible.ts';
import type { CatalogueTool } from '#domain/catalogue.ts';
import type { Json } from '#domain/tool.ts';
import { EFFECT_TITLES, effectOf } from '#recommend/effect.ts';
import { explain } from '#recommend/explain.ts';
import { minuteOf } from '#recommend/minute.ts';
import { visitOf } from '#recommend/questions.ts';
import { excerpt, placeOf, sentence } from '#recommend/reasons.ts';
import { narrow } from '#recommend/recommend.ts';
import type { Links } from '../addresses/links.ts';
import { inOrder } from '../formats/policy-text.ts';
import { type Markdown, md, mdBlock, mdCode, mdLink, mdSentence } from '../markup/markdown.ts';
import { verdictWords } from '../markup/parts.ts';
import type { ServerFacts } from '../page.ts';
import { attacksMarkdown } from './attacks.ts';

/** Parameters that are listed. */
const ROWS = 60;

/** A tool's page for those who read Markdown: the same facts, without what only eyes need. */
export function toolMarkdown(
  { server, tool, policy }: ServerFacts & { readonly tool: CatalogueTool },
  links: Links,
): Markdown {
  const { does, risk, reasons, effect } = explain(server, tool, policy);
  const { name, description } = tool.definition;
  const artefact = visitOf(server, tool)?.artefact;
  const minute = minuteOf(tool, policy);
  return md`# ${name}

A tool of ${mdLink(displayName(server), links.server(server.slug))}. ${verdictWords(tool)}. ${EFFECT_TITLES[effectOf(policy, name)]}.

${mdSentence(does)} ${mdSentence(risk)}

## In its author's words
${description?.trim() ? mdBlock(description) : '\nIts author does not describe it.\n'}
## What a call takes

${parameters(tool)}
## Why it carries that risk

${reasons.map(({ heading, reasons }) => md`### ${heading}\n\n${reasons.map(({ because, quotes }) => md`- ${sentence(because)} ${quotes.slice(0, 3).map((quote) => md`(${placeOf(quote)}: ${mdCode(excerpt(quote.text))}) `)}\n`)}\n`)}
${attacksMarkdown({ server, tool }, links)}## Policy

${mdSentence(effect)}
${minute.length === 0 ? '' : md`\nIn a minute: ${minute.map((one) => md`${mdSentence(one)} `)}\n`}${mdBlock(visibleJson(inOrder(narrow(policy, [name]))), 'json')}
## Where this comes from

${artefact && md`- Package: ${mdCode(`${artefact.name}@${artefact.version}`)}, ${mdCode(artefact.integrity)}\n`}- Known: ${tool.provenance}, last seen on ${tool.lastSeen.toISOString().slice(0, 10)}, this definition first on ${tool.firstSeen.toISOString().slice(0, 10)}
- Fingerprint: ${mdCode(tool.fingerprint)}
${tool.assessment && md`- Assessed on ${tool.assessment.assessedAt.toISOString().slice(0, 10)} by the rules ${mdCode(tool.assessment.rules.slice(0, 16))}\n`}`;
}

function parameters({ definition: { inputSchema } }: CatalogueTool): Markdown {
  if (!inputSchema) return md`The schema of its arguments is unknown.\n`;
  const properties = asObject(inputSchema.properties);
  const required = new Set(Array.isArray(inputSchema.required) ? inputSchema.required : []);
  const names = Object.keys(properties);
  if (names.length === 0) return md`Its schema names no parameters.\n`;
  return md`${names.slice(0, ROWS).map((name) => {
    const { type, description } = asObject(properties[name]);
    const said = typeof description === 'string' ? description.replace(/\s+/g, ' ').slice(0, 300).toWellFormed() : '';
    return md`- ${mdCode(name)}${typeof type === 'string' ? md`, ${mdCode(type.slice(0, 40))}` : ''}${required.has(name) ? ', required' : ''}${said === '' ? '' : md`: ${said}`}\n`;
  })}${names.length > ROWS ? md`- and ${names.length - ROWS} more\n` : ''}`;
}

function asObject(value: Json | undefined): { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};
}
