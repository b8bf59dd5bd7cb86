# The catalogue as an image: API, pages and crawl. Built from this folder; see compose.yaml for the whole service.
# BASE: any image with Node 24 or newer and npm. Servers are launched in Deno's sandbox, which needs no privilege and
# starts JavaScript only: for the stronger ones run the crawl on a host, against the same database.
ARG BASE=node:24-bookworm-slim

FROM ${BASE} AS build
# An engine that keeps what it built on the way finds it by this.
LABEL plimsoll=build
WORKDIR /build
# The registry to install from; the lock file's hashes hold whichever it is.
ARG NPM_REGISTRY
COPY package.json package-lock.json ./
COPY .ci .ci
RUN npm ci --no-audit --no-fund --ignore-scripts ${NPM_REGISTRY:+--registry="$NPM_REGISTRY"}
COPY tsconfig.json tsconfig.build.json ./
COPY data data
COPY drizzle drizzle
COPY jobs jobs
COPY src src
RUN node .ci/build.mjs \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund ${NPM_REGISTRY:+--registry="$NPM_REGISTRY"} \
  && if [ -d node_modules/deno ]; then node node_modules/deno/install.cjs; fi \
  && mkdir /data

FROM ${BASE}
LABEL org.opencontainers.image.title="Plimsoll" \
  org.opencontainers.image.description="The open risk catalogue for MCP tools" \
  org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY package.json LICENSE SECURITY.md ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
# Numbers, so that an orchestrator can see that it is not root. All that is written goes to /data and /tmp.
COPY --from=build --chown=10001:10001 /data /data
USER 10001:10001
ENV NODE_ENV=production PLIMSOLL_HOME=/data PLIMSOLL_HOST=0.0.0.0 HOME=/tmp
VOLUME /data
EXPOSE 4400
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PLIMSOLL_PORT || 4400}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=4", "/app/dist/bin.cjs"]
CMD ["serve"]
