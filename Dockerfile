# Three stages: build with all tools, install the runtime dependencies, and create an image with only these parts.
# A change of source files does not reinstall the dependencies of either stage.

FROM node:20-slim AS build
WORKDIR /app
# Prisma does not download an engine binary if this variable names an existing file. The binary is not used.
ENV PRISMA_SCHEMA_ENGINE_BINARY=/usr/local/bin/node
COPY package.json package-lock.json .npmrc ./
RUN npm ci --loglevel=error
COPY tsconfig.json prisma.config.ts ./
COPY prisma prisma
COPY console console
COPY docs docs
COPY gateway gateway
RUN node gateway/scripts/build.mjs

FROM node:20-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The database runs in another container, so the embedded PostgreSQL (an optional package) is not installed.
RUN npm ci --omit=dev --omit=optional --loglevel=error

FROM node:20-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data
# Without SMTP_URL, mail is written to this folder. All other folders can be read-only.
RUN install -d -o node -g node -m 700 /data
COPY --from=dependencies /app/node_modules node_modules
COPY package.json ./
COPY prisma/migrations prisma/migrations
COPY --from=build /app/dist dist
USER node
EXPOSE 4000
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/gateway/main.js"]
