// @ts-check
// The order of imports (docs/internals/architecture.md):
//   platform <- graphql <- engine <- data-plane <- control-plane <- http <- app <- startup <- main
const src = '^gateway/src/';
/** Tests stand beside the code and may use any part of it. */
const productCode = { pathNot: '\\.test\\.ts$' };

const layers = ['platform/', 'graphql/', 'engine/', 'data-plane/', 'control-plane/', 'http/'];

/** @param {string} name @param {string} from @param {string} to @param {string} comment */
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: /** @type {const} */ ('error'),
  from: { path: from, ...productCode },
  to: { path: to },
});

/** A layer imports itself and the layers before it. */
const layerRules = layers.map((layer, index) =>
  forbid(
    `layer-${layer.slice(0, -1)}`,
    `${src}${layer}`,
    `${src}(?!${layers.slice(0, index + 1).join('|')}|config\\.ts$)`,
    `${layer} imports only itself and ${layers.slice(0, index).join(', ') || 'nothing'}`,
  ),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'no circles of imports, type-only imports included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layerRules,
    forbid(
      'config-is-read-above',
      `${src}(${layers.join('|')})`,
      `${src}config\\.ts$`,
      'a layer gets its settings as arguments',
    ),
    forbid(
      'engine-has-no-input-or-output',
      `${src}engine/`,
      '^(node:)?(net|tls|fs|fs/promises|http|https|child_process|worker_threads)$|node_modules/(pg|@prisma)/|^prisma/',
      'the engine is a library: text in, SQL out',
    ),
    forbid(
      'engine-has-three-faces',
      `${src}(?!engine/)`,
      `${src}engine/(?!(schema|migrations|runtime)\\.ts$)`,
      'import engine/schema.ts, engine/migrations.ts or engine/runtime.ts',
    ),
    forbid(
      'data-plane-has-ports',
      `${src}data-plane/`,
      '^prisma/|@prisma/',
      'the data plane declares what it needs, and the control plane reads it from the database',
    ),
    forbid(
      'only-main-starts-things',
      `${src}(?!startup/|main\\.ts)`,
      `${src}(startup/|main\\.ts$)`,
      'startup/ and main.ts are the top',
    ),
    forbid(
      'cli-knows-only-http',
      `${src}cli/`,
      `${src}(?!cli/)|^prisma/`,
      'the command line is a client',
    ),
    forbid('nothing-imports-the-cli', `${src}(?!cli/)`, `${src}cli/`, ''),
    {
      name: 'features-meet-through-services',
      comment: "between two features of the control plane, only the other's service",
      severity: 'error',
      from: { path: `${src}control-plane/([^/]+)/`, ...productCode },
      to: {
        path: `${src}control-plane/[^/]+/`,
        pathNot: [
          `${src}control-plane/$1/`,
          '\\.service\\.ts$',
          `${src}control-plane/(access|errors|graphql|mails|validation)/`,
        ],
      },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: src, ...productCode },
      to: { path: ['^gateway/(test|bench)/', '\\.test\\.ts$'] },
    },
    {
      name: 'the-gateway-knows-no-console',
      severity: 'error',
      from: { path: '^gateway/' },
      to: { path: '^console/' },
    },
    {
      name: 'journeys-see-the-console-from-outside',
      comment: "a journey uses the gateway's test kit, and the console as a browser does",
      severity: 'error',
      from: { path: '^console/e2e/' },
      to: { path: ['^console/src/', '^gateway/src/', '^gateway/(?!test/|scripts/lib/)'] },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { path: src, ...productCode },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: 'type-only' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^prisma/generated/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.mjs', '.js'] },
  },
};
