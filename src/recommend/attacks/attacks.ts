import type { CatalogueServer, CatalogueTool } from '#domain/catalogue.ts';
import { combinationsOf } from '../combinations.ts';
import { code, type Prose } from '../prose.ts';
import type { Attack } from './attack.ts';
import { chooser } from './choose.ts';
import { compile, type Surroundings } from './compile.ts';
import { factsOf, serverWords } from './facts.ts';
import { happenedTo } from './happened.ts';
import { allAttacks } from './library.ts';

/** An attack that fits a tool, and what of the tool makes it fit. */
export interface Fit {
  readonly attack: Attack;
  /** A sentence without a full stop, beginning small: `its argument path …`. */
  readonly because: Prose;
  /** 4: it happened to this very server; 3 to 1: how much of its way the tool offers. */
  readonly strength: number;
}

/** More than these nobody reads. */
const MOST = 4;

let chosen: ReturnType<typeof chooser> | undefined;

/** Every cue, the strongest first; of two as strong the narrower, then that of the newer attack. */
function choose(server: ReadonlySet<string>): ReturnType<ReturnType<typeof chooser>> {
  chosen ??= chooser(
    allAttacks()
      .flatMap((attack) => (attack.cues ?? []).map((cue) => compile(attack, cue)))
      .sort((a, b) => b.strength - a.strength || b.narrowness - a.narrowness),
  );
  return chosen(server);
}

/**
 * What documented attacks have to do with the tools of one server: a function from a tool of it to the attacks that fit
 * the tool by its own cues, never by its category alone, the strongest first and at most four. What holds for the whole
 * server is found out once, here. Pure; a tool that was not assessed fits only what happened to its very server.
 */
export function attacksAgainst(server: CatalogueServer): (tool: CatalogueTool) => readonly Fit[] {
  const named = happenedTo(server);
  const around = surroundingsOf(server);
  const candidates = choose(around.words);
  return (tool) => {
    const here = named.flatMap(({ tools, ...fit }): readonly Fit[] =>
      tools === undefined || tools.includes(tool.definition.name) ? [fit] : [],
    );
    const found = [...here];
    const facts = factsOf(tool);
    for (const { attack, strength, holds } of facts ? candidates(facts) : []) {
      if (found.length >= here.length + MOST) break;
      if (found.some((one) => one.attack === attack)) continue;
      const because = holds(facts!, around);
      if (because) found.push({ attack, because, strength });
    }
    if (here.length > 0) found.sort((a, b) => b.strength - a.strength);
    return found.slice(0, MOST);
  };
}

const known = new WeakMap<CatalogueServer, (tool: CatalogueTool) => readonly Fit[]>();

// A tool's page asks for what its Markdown twin asks for next.
let last: { readonly tool: CatalogueTool; readonly server: CatalogueServer; readonly fits: readonly Fit[] } | undefined;

/** The attacks that fit one tool of a server; asked for many tools of the same server object, it reads that once. */
export function attacksOf(tool: CatalogueTool, server: CatalogueServer): readonly Fit[] {
  if (last?.tool === tool && last.server === server) return last.fits;
  let against = known.get(server);
  if (!against) {
    against = attacksAgainst(server);
    known.set(server, against);
  }
  last = { tool, server, fits: against(tool) };
  return last.fits;
}

function surroundingsOf(server: CatalogueServer): Surroundings {
  let fillers: ReadonlyMap<string, Leg> | undefined;
  const beside = new Map<string, readonly string[]>();
  return {
    words: serverWords(server),
    others(leg, tool) {
      fillers ??= legsOf(server);
      const found = fillers.get(leg);
      return found?.names.has(tool) ? found.others(tool) : undefined;
    },
    beside(facet, self) {
      let names = beside.get(facet);
      if (!names) {
        names = server.tools.flatMap(({ definition, assessment }) =>
          assessment?.verdict.facets[facet]?.value === true ? [definition.name] : [],
        );
        beside.set(facet, names);
      }
      return names.find((name) => name !== self);
    },
  };
}

interface Leg {
  readonly names: ReadonlySet<string>;
  others(tool: string): Prose;
}

/** Tools that fill the legs of what a server's tools can do together, by `combination/leg`. */
function legsOf(server: CatalogueServer): ReadonlyMap<string, Leg> {
  const legs = new Map<string, Leg>();
  for (const { id, legs: all } of combinationsOf(server))
    for (const leg of all)
      legs.set(`${id}/${leg.id}`, {
        names: new Set(leg.tools.map(({ name }) => name)),
        others: (tool) =>
          all
            .filter((other) => other !== leg)
            .flatMap((other, at): Prose => {
              const names = other.tools.map(({ name }) => name).filter((name) => name !== tool);
              const who: Prose = names.length === 0 ? ['it also'] : [code(names[0]!), more(names.length - 1)];
              return [at === 0 ? '' : ' and ', ...who, ` ${other.title}`];
            }),
      });
  return legs;
}

function more(count: number): string {
  return count === 0 ? '' : ` (and ${count} more)`;
}
