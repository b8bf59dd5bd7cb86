import type { CatalogueServer, Relation, Standing } from '#domain/catalogue.ts';
import type { Verified } from '#domain/server.ts';
import type { Links } from '../addresses/links.ts';
import { type Html, html } from '../markup/html.ts';
import { fact, words } from '../markup/parts.ts';

const PROOFS: Readonly<Record<Verified['proof'], string>> = {
  account: 'only who signs in to that account may publish under the name',
  domain: 'only who controls that domain may publish under the name',
  badge: 'its own word',
};
const RELATION_TITLES: Readonly<Record<Relation['kind'], string>> = {
  'possible-duplicate': 'Possible duplicate',
  fork: 'Fork',
  mirror: 'Mirror',
  'names-package': 'Names a package of another',
  'look-alike': 'Looks like another',
  'moved-away': 'Changed what it points to',
};

/** Who publishes a server and by what that is proven, how its repository stands, and how the server stands to others. */
export function standing({ standing: one, related }: CatalogueServer, links: Links): Html {
  // It rests on other servers, too, so a page that is written once does not say it.
  if (related === undefined)
    return html`${fact('Publisher', 'A catalogue that is served tells who is proven to publish it, and how it stands to other servers.')}`;
  return html`${fact('Verified publisher', lines(one?.verified.map(publisher)))}
${fact('Its repository', one && repository(one))}
${fact('Withdrawn', lines(one?.withdrawn.map(({ source, status }) => html`${status} in ${source}`)))}
${fact('To other servers', lines(related.map((relation) => told(relation, links))))}`;
}

function publisher({ publisher: name, proof, source }: Standing['verified'][number]): Html {
  return html`${words(name)}, says ${source}: ${PROOFS[proof]}`;
}

function repository({ archived, disabled, stars, license }: Standing): Html | undefined {
  const said = [
    ...(archived ? ['archived by its owner'] : []),
    ...(disabled ? ['switched off by the forge'] : []),
    ...(stars === undefined ? [] : [`${stars.toLocaleString('en')} stars or more`]),
    ...(license === undefined ? [] : [`licence ${license}`]),
  ];
  return said.length === 0 ? undefined : html`${said.join(', ')}`;
}

function told({ kind, server, because }: Relation, links: Links): Html {
  return html`${RELATION_TITLES[kind]}: ${words(because)}${server && html` <a href="${links.server(server.slug)}">${words(server.slug)}</a>`}`;
}

function lines(all: readonly Html[] = []): Html | undefined {
  return all.length === 0 ? undefined : html`${all.map((one) => html`<span class="line">${one}</span>`)}`;
}
