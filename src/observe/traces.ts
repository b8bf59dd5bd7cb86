import {
  type Attributes,
  context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { withoutSecrets } from '#core/secrets.ts';
import type { Observe } from './observe.ts';

export type Traces = Pick<Observe, 'run' | 'carry' | 'job' | 'request'> & AsyncDisposable;

/** Milliseconds that the collector has for one batch; a process that ends waits no longer than that for it. */
const PATIENCE = 5_000;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Spans for runs, jobs and requests, sent to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names (its other variables
 * hold as the libraries read them). A collector that is not there costs the spans, nothing else. `traceOf` gives what
 * `carry` gave when the run began.
 */
export function openTraces(traceOf: (run: number) => Promise<string | undefined>): Traces {
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'plimsoll' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ timeoutMillis: PATIENCE }),
        exportTimeoutMillis: PATIENCE,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = provider.getTracer('plimsoll');
  const links = new Map<number, Promise<readonly Link[]>>();

  async function linksTo(run: number | undefined): Promise<readonly Link[]> {
    if (run === undefined) return [];
    let found = links.get(run);
    if (!found) {
      found = traceOf(run).then(linkOf, () => []);
      links.set(run, found);
      // A worker stays for months of nights.
      const [oldest] = links.keys();
      if (links.size > 100) links.delete(oldest!);
    }
    return found;
  }

  /** Does work within a span of its own; an error marks it and goes on. */
  function spanned<T>(
    name: string,
    options: { readonly kind?: SpanKind; readonly attributes: Attributes; readonly links?: readonly Link[] },
    work: (span: Span) => Promise<T>,
  ): Promise<T> {
    return tracer.startActiveSpan(name, { ...options, links: [...(options.links ?? [])] }, async (span) => {
      try {
        return await work(span);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: withoutSecrets((error as Error).message ?? '') });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  return {
    run: (job, work) => spanned(`run ${job}`, { attributes: { 'plimsoll.job': job } }, () => work()),
    carry() {
      const now = trace.getSpanContext(context.active());
      if (!now) return {};
      const flags = now.traceFlags.toString(16).padStart(2, '0');
      return { traceparent: `00-${now.traceId}-${now.spanId}-${flags}` };
    },
    async job({ stage, subject, run }, work) {
      const attributes = {
        'plimsoll.stage': stage,
        'plimsoll.subject': withoutSecrets(subject),
        ...(run !== undefined && { 'plimsoll.run': run }),
      };
      // A trace of its own, linked to the run's: one trace of fifty thousand servers no tool can show.
      const found = await linksTo(run);
      return context.with(ROOT_CONTEXT, () =>
        spanned(stage, { kind: SpanKind.CONSUMER, attributes, links: found }, async (span) => {
          const outcome = await work();
          span.setAttribute('plimsoll.outcome', outcome);
          if (outcome === 'failed' || outcome === 'dead') span.setStatus({ code: SpanStatusCode.ERROR });
          return outcome;
        }),
      );
    },
    request: (seen, answer) =>
      spanned('request', { kind: SpanKind.SERVER, attributes: {} }, async (span) => {
        const status = await answer();
        const { method, route } = seen();
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        return status;
      }),
    async [Symbol.asyncDispose]() {
      await provider.shutdown().catch(() => {});
      context.disable();
    },
  };
}

function linkOf(traceparent: string | undefined): readonly Link[] {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return [];
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true } }];
}
