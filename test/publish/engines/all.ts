import * as clients from './clients.ts';
import type { Engine } from './engine.ts';
import * as gateways from './gateways.ts';
import * as languages from './languages.ts';
import * as models from './models.ts';

/** What stands for each format's gateway, by the exporter's id. */
export const ENGINES: Readonly<Record<string, Engine>> = {
  agentcore: languages.agentcore,
  agentgateway: gateways.agentgateway,
  agt: gateways.agt,
  'anthropic-managed': models.anthropicManaged,
  'anthropic-toolset': models.anthropicToolset,
  cedar: languages.cedar,
  'claude-code': clients.claudeCode,
  codex: clients.codex,
  contextforge: languages.contextforge,
  'copilot-cli': clients.copilotCli,
  cursor: clients.cursor,
  'docker-gateway': clients.dockerGateway,
  'envoy-ai-gateway': gateways.envoyAiGateway,
  gemini: clients.gemini,
  'gemini-policy': clients.geminiPolicy,
  intercept: gateways.intercept,
  kong: gateways.kong,
  litellm: gateways.litellm,
  openai: models.openai,
  plimsoll: gateways.plimsoll,
  policylayer: gateways.policylayer,
  rego: languages.rego,
  toolhive: languages.toolhive,
  'toolhive-crd': languages.toolhiveCrd,
  vscode: clients.vscode,
  zed: clients.zed,
};
