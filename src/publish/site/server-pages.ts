import { filePath } from '../addresses/address.ts';
import { facesOf, hereAt, textOf } from '../addresses/faces.ts';
import type { StaticLinks } from '../addresses/links.ts';
import { policyText } from '../formats/policy-text.ts';
import type { Picture, ServerFacts } from '../page.ts';
import { PAGES } from '../registry.ts';
import type { Planned } from './writer.ts';

/** The group of the files of one server. */
export function groupOf(slug: string): string {
  return `servers/${filePath(slug)}`;
}

const KINDS = [...PAGES.values()].flatMap(({ page, path }) => (page.of === 'server' ? [{ page, path }] : []));

/** All files of one server: its pages with their faces, and its policy. `draw` is needed where the site has pictures. */
export function serverFiles(
  facts: ServerFacts,
  links: StaticLinks,
  draw?: (picture: Picture) => Buffer,
): readonly Planned[] {
  const { slug } = facts.server;
  const planned: Planned[] = [];
  for (const { page, path } of KINDS) {
    const faces = ['html', ...facesOf(page, links)] as const;
    const stems = new Set<string>();
    for (const { name, subject } of page.subjects(facts)) {
      const stem = path.stem(path.names > 1 ? [slug, name] : [slug]);
      // A server may list a name twice; the first has the page, as it has the address in the live catalogue.
      if (stems.has(stem)) continue;
      stems.add(stem);
      const here = hereAt(page, links, (face) => links.at(stem, face));
      for (const face of faces)
        planned.push({
          path: `${stem}.${face}`,
          // There are a few dozen badges, and one for each tool.
          ...(face === 'svg' && { common: true as const }),
          make: () => (face === 'png' ? draw!(page.picture!(subject)) : textOf(face, page, subject, links, here)),
        });
    }
  }
  planned.push({ path: links.file(links.policy(slug)), make: () => policyText(facts.policy) });
  return planned;
}
