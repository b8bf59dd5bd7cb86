/**
 * What stands behind each format's tests, by the exporter's id. `engine`: its own engine decides every case. `engine, in
 * the soak`: its own program, too large for every run, is asked in real-engines.soak.ts. `types`, `schema`: its own SDK's
 * types or published schema take the file, and what a call does is decided by our reading of its documentation.
 * `documented`: schema and decisions both are our reading.
 */
export const PROOFS: Readonly<Record<string, string>> = {
  agentcore: 'engine (cedar-wasm)',
  agentgateway: 'schema; rules by two CEL engines',
  agt: 'engine (its SDK)',
  'anthropic-managed': 'types (its SDK)',
  'anthropic-toolset': 'types (its SDK)',
  cedar: 'engine (cedar-wasm)',
  'claude-code': 'schema; its own check of settings, in the soak',
  codex: 'its own reader of configurations, in the soak',
  contextforge: 'engine (cedar-wasm); caps documented',
  'copilot-cli': 'a shell; rules documented',
  cursor: 'documented',
  'docker-gateway': 'a shell; rules documented',
  'envoy-ai-gateway': 'schema (CRD)',
  gemini: 'schema',
  'gemini-policy': 'engine (gemini-cli-core), in the soak',
  intercept: 'documented',
  kong: 'documented',
  litellm: 'documented',
  openai: 'types (its SDK)',
  plimsoll: 'schema (ours); `check`',
  policylayer: 'documented',
  rego: 'not proven by the engine: golden files and an evaluator of what is written',
  toolhive: 'engine (cedar-wasm)',
  'toolhive-crd': 'schema (CRD); cedar-wasm',
  vscode: 'documented',
  zed: 'documented',
};
