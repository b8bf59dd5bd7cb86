/**
 * Plimsoll as a library: judge tools, recommend a policy, write it for a gateway. Nothing is launched, stored or fetched.
 * What is exported here is stable within a major version; everything else of the package is not.
 */
import { type Classifier, loadClassifier } from '#classify/assess.ts';
import { definitionFingerprint, siblingsHash } from '#core/definition.ts';
import type { CatalogueServer } from '#domain/catalogue.ts';
import { type Policy, PROFILES, type Profile } from '#domain/policy.ts';
import type { ToolDefinition } from '#domain/tool.ts';
import type { Verdict } from '#domain/verdict.ts';
import { LIMITS } from '#enumerate/limits.ts';
import { readTools } from '#enumerate/tools.ts';
import { type Exported, loadExporters } from '#publish/formats/exporter.ts';
import { recommend as policyOf } from '#recommend/recommend.ts';

export { type Condition, type Limit, type Policy, PROFILES, type Profile, type Rule } from '#domain/policy.ts';
export type { Json, JsonObject, ToolDefinition } from '#domain/tool.ts';
export {
  type Access,
  CATEGORIES,
  type Category,
  type Evidence,
  type Facet,
  type Quote,
  RISKS,
  type Risk,
  type Verdict,
} from '#domain/verdict.ts';
export type { Exported, Loss } from '#publish/formats/exporter.ts';

/** A tool as an MCP client lists it (`tools/list`); fields beyond these are left aside. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema?: object | undefined;
  readonly outputSchema?: object | undefined;
  readonly annotations?: object | undefined;
}

/** A server as its client sees it: the name that policies call it by, and all tools that it lists. */
export interface ListedServer {
  readonly name: string;
  readonly tools: readonly ListedTool[];
}

let loaded: Promise<Classifier> | undefined;

/**
 * The verdict of the rules on each tool, in the order of `tools`. Pass all tools of the server: siblings count as
 * evidence. Reads a bounded part of any definition. Rejects with `TypeError`, naming the tool, for what no client would
 * take for one: no name or one twice, a schema that is no object, nesting or size beyond all measure.
 */
export async function classify(tools: readonly ListedTool[]): Promise<readonly Verdict[]> {
  return assessed(definitionsOf(tools));
}

async function assessed(tools: readonly ToolDefinition[]): Promise<readonly Verdict[]> {
  loaded ??= loadClassifier();
  const classifier = await loaded;
  const names = tools.map(({ name }) => name);
  return tools.map((tool) => classifier.assess(tool, names));
}

function definitionsOf(listed: readonly ListedTool[]): readonly ToolDefinition[] {
  const { tools, rejections } = readTools(listed, LIMITS);
  const [first] = rejections;
  if (first) throw new TypeError(`tools[${first.index}] is no tool definition: ${first.reason}`);
  return tools;
}

/**
 * The policy for a server's tools: every tool by exact name, default deny, each rule with its reasons and pinned to the
 * definition it was made for. Same server, same policy, to the byte. Rejects with `TypeError` as `classify` does, and with
 * `RangeError` for a profile that there is not.
 */
export async function recommend(server: ListedServer, profile: Profile = 'recommended'): Promise<Policy> {
  if (!PROFILES.includes(profile))
    throw new RangeError(`There is no such profile. Profiles are ${PROFILES.join(', ')}.`);
  const tools = definitionsOf(server.tools);
  const verdicts = await assessed(tools);
  // Nobody has seen these tools at any time: dates stand in no policy.
  const never = new Date(0);
  const siblings = siblingsHash(tools.map(({ name }) => name));
  const { rules } = await loaded!;
  const known: CatalogueServer = {
    id: server.name,
    slug: server.name,
    name: server.name,
    packages: [],
    remotes: [],
    sources: [],
    firstSeen: never,
    lastSeen: never,
    tools: tools.map((definition, at) => {
      const fingerprint = definitionFingerprint(definition);
      const key = { fingerprint, siblings, rules, prompt: '', model: '' };
      const assessment = { ...key, verdict: verdicts[at]!, assessedAt: never };
      return { definition, fingerprint, provenance: 'listed', firstSeen: never, lastSeen: never, assessment };
    }),
  };
  return policyOf(known, profile);
}

/**
 * Policies written for a gateway or client, by the id of its format: the files, and what the format could not say, which
 * is always downgraded closed. Rejects with `RangeError` for a format that there is not, naming those there are.
 */
export async function exportPolicy(policies: Policy | readonly Policy[], format: string): Promise<Exported> {
  const exporters = await loadExporters();
  const exporter = exporters.get(format);
  if (!exporter) throw new RangeError(`There is no such format. Formats are ${[...exporters.keys()].join(', ')}.`);
  return exporter.write([policies].flat());
}
