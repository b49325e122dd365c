# Each part has its own stage with only the files that it is built from, so that a change of one part does not rebuild
# the others. The image contains the results and the runtime dependencies.

FROM node:24-slim AS tools
WORKDIR /app
# Prisma does not download an engine binary if this variable names an existing file. The binary is not used.
ENV PRISMA_SCHEMA_ENGINE_BINARY=/usr/local/bin/node
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --loglevel=error

FROM tools AS console
COPY tsconfig.json ./
COPY gateway/scripts gateway/scripts
COPY console console
COPY examples examples
RUN node gateway/scripts/build.mjs console

FROM tools AS docs
COPY gateway/scripts gateway/scripts
COPY docs docs
RUN node gateway/scripts/build.mjs docs

FROM tools AS gateway
COPY tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY gateway/scripts gateway/scripts
COPY gateway/src gateway/src
RUN node gateway/scripts/build.mjs gateway && find dist -name '*.map' -delete

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The database runs in another container, so the embedded PostgreSQL (an optional package) is not installed.
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --omit=optional --loglevel=error
COPY gateway/scripts/prune-packages.mjs gateway/scripts/
COPY gateway/scripts/lib/prune-packages.mjs gateway/scripts/lib/
RUN node gateway/scripts/prune-packages.mjs node_modules

FROM node:24-slim
WORKDIR /app
# One arena for glibc's malloc: with more, the process keeps about 30 MB of memory that it has freed.
ENV NODE_ENV=production DATA_DIR=/data MALLOC_ARENA_MAX=1
# Without SMTP_URL, mail is written to this folder. All other folders can be read-only.
RUN install -d -o 1000 -g 1000 -m 700 /data
COPY package.json ./
COPY prisma/migrations prisma/migrations
COPY --from=packages /app/node_modules node_modules
COPY --from=docs /app/dist dist
COPY --from=console /app/dist dist
COPY --from=gateway /app/dist dist
# As numbers, because Kubernetes cannot check that a user with a name is not root.
USER 1000:1000
EXPOSE 4000
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm in between, the gateway receives SIGTERM itself.
CMD ["node", "dist/gateway/main.js"]
