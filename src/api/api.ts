import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Catalogue } from '#publish/catalogue.ts';
import type { Desk } from './desk.ts';
import { mountAttacks } from './routes/attacks.ts';
import { mountChanges } from './routes/changes.ts';
import { mountContradictions } from './routes/contradictions.ts';
import { mountDisputes } from './routes/disputes.ts';
import { mountPolicies } from './routes/policies.ts';
import { mountRegistry } from './routes/registry.ts';
import { mountResolve } from './routes/resolve.ts';
import { mountScans } from './routes/scans.ts';
import { mountServers } from './routes/servers.ts';
import { mountSources } from './routes/sources.ts';
import { mountStats } from './routes/stats.ts';
import { mountTemplates } from './routes/templates.ts';
import { mountTools } from './routes/tools.ts';
import { describeTokens } from './routes/writing.ts';

/** Mounts every route of the API on an app. */
export function mountApi(app: OpenAPIHono, catalogue: Catalogue, desk: Desk | undefined): void {
  mountServers(app, catalogue);
  mountTools(app, catalogue);
  mountPolicies(app, catalogue);
  mountTemplates(app, catalogue);
  mountChanges(app, catalogue);
  mountContradictions(app, catalogue);
  mountAttacks(app);
  mountSources(app, catalogue);
  mountResolve(app, catalogue);
  mountScans(app, catalogue, desk);
  mountDisputes(app, catalogue, desk);
  describeTokens(app);
  mountRegistry(app, catalogue);
  mountStats(app, catalogue);
}
