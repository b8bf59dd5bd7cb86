import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export interface Call {
  /** The server's name in the file. */
  readonly label: string;
  readonly tool: string;
  /** Fingerprint of the definition that the server shows now. */
  readonly definition: string;
}

export interface Outcome {
  readonly does: 'allow' | 'ask' | 'deny';
  /** Limits that an allowed call stands under. */
  readonly limits?: readonly { readonly max: number; readonly window?: string }[];
  /** Conditions on arguments that an allowed call stands under. */
  readonly require?: unknown;
}

export type Decide = (call: Call) => Outcome;
/** Reads a file as its gateway would; throws where that would refuse it. */
export type Engine = (text: string) => Decide;

export const DENY: Outcome = { does: 'deny' };
export const ASK: Outcome = { does: 'ask' };
export const ALLOW: Outcome = { does: 'allow' };

const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });

/** Throws where a value does not keep a schema. */
export function holding(schema: object): (value: unknown) => void {
  const valid = ajv.compile(schema);
  return (value) => {
    if (!valid(value)) throw new Error(`not valid: ${ajv.errorsText(valid.errors)}`);
  };
}

/** A schema of an object that takes these keys and no others. */
export function closed(
  properties: Record<string, object>,
  required: readonly string[] = Object.keys(properties),
): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

export const STRINGS = { type: 'array', items: { type: 'string' } };

// The package is CommonJS with a WebAssembly file beside it.
const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;

type Uid = { readonly type: string; readonly id: string };

interface Request {
  readonly principal: Uid;
  readonly action: Uid;
  readonly resource: Uid;
  readonly context?: object;
}

/** Parsed policy sets that Cedar keeps at once; no test holds more files than that. */
const KEPT = 16;
let parsed = 0;

/** Cedar itself, having parsed the policies once. Throws where it cannot read them. */
export function cedarDecides(policies: string): (request: Request) => Outcome {
  const id = `set-${parsed++ % KEPT}`;
  const read = cedar.preparsePolicySet(id, { staticPolicies: policies });
  if (read.type === 'failure') throw new Error(read.errors.map(({ message }) => message).join('; '));
  return (request) => {
    const answer = cedar.statefulIsAuthorized({
      context: {},
      entities: [],
      ...request,
      preparsedPolicySetId: id,
      validateRequest: false,
    } as Cedar.StatefulAuthorizationCall);
    if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
    return answer.response.decision === 'allow' ? ALLOW : DENY;
  };
}
