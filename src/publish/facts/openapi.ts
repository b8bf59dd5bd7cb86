/** One thing that may be asked, as far as the page of the API shows it. */
export interface Operation {
  /** Unique on the page. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly place: string;
    readonly required: boolean;
    readonly description: string;
    readonly type: string;
  }[];
  readonly body?: string;
  readonly answers: readonly { readonly status: string; readonly description: string; readonly type?: string }[];
}

export interface Described {
  readonly description: string;
  readonly operations: readonly Operation[];
}

type Node = Readonly<Record<string, unknown>>;

/** What an OpenAPI document says, in the order in which it says it. */
export function described(document: object): Described {
  const { info, paths } = document as { readonly info?: Node; readonly paths?: Readonly<Record<string, Node>> };
  const operations = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      ['get', 'post', 'put', 'patch', 'delete'].includes(method) ? [operationOf(method, path, operation as Node)] : [],
    ),
  );
  return { description: textOf(info?.description), operations };
}

function operationOf(method: string, path: string, operation: Node): Operation {
  const parameters = (operation.parameters as readonly Node[] | undefined) ?? [];
  const { description, required } = (operation.requestBody ?? {}) as Node;
  const described = typeof operation.description === 'string' ? { description: operation.description } : {};
  return {
    id: `${method}-${path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '')}`,
    method: method.toUpperCase(),
    path,
    summary: textOf(operation.summary),
    ...described,
    parameters: parameters.map((one) => ({
      name: textOf(one.name),
      place: textOf(one.in),
      required: one.required === true,
      description: textOf(one.description),
      type: typeOf((one.schema ?? {}) as Node),
    })),
    ...(operation.requestBody !== undefined && {
      body: `${textOf(description) || 'JSON'}${required === true ? ', required' : ''}`,
    }),
    answers: Object.entries((operation.responses ?? {}) as Readonly<Record<string, Node>>).map(([status, answer]) => {
      const types = Object.entries((answer.content ?? {}) as Readonly<Record<string, Node>>);
      const ref = (types[0]?.[1].schema as Node | undefined)?.$ref;
      const type = [types[0]?.[0], typeof ref === 'string' ? ref.split('/').at(-1) : undefined].filter(Boolean);
      return { status, description: textOf(answer.description), ...(type.length > 0 && { type: type.join(': ') }) };
    }),
  };
}

function typeOf({ type, enum: choices, default: usual, minimum, maximum }: Node): string {
  const words = Array.isArray(choices) ? choices.join(' | ') : textOf(type);
  const range = [minimum !== undefined && `from ${minimum}`, maximum !== undefined && `to ${maximum}`].filter(Boolean);
  return [words, range.join(' '), usual !== undefined && `usually ${String(usual)}`].filter(Boolean).join(', ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
