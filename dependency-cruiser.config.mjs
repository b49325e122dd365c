// @ts-check
// The order of layers, in which each layer can import the layers before it (docs/internals/architecture.md):
//   platform <- graphql <- engine <- data-plane <- control-plane <- http <- app <- startup <- main
const src = '^gateway/src/';
/** Tests are beside the code and can import any part of it. */
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

/** A layer can import only itself and the layers before it. */
const layerRules = layers.map((layer, index) =>
  forbid(
    `layer-${layer.slice(0, -1)}`,
    `${src}${layer}`,
    `${src}(?!${layers.slice(0, index + 1).join('|')}|config\\.ts$)`,
    index === 0
      ? `${layer} imports only itself`
      : `${layer} imports only itself and ${layers.slice(0, index).join(', ')}`,
  ),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'no circular imports, including type-only imports',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...layerRules,
    forbid(
      'config-is-read-above',
      `${src}(${layers.join('|')})`,
      `${src}config\\.ts$`,
      'layers receive settings as arguments',
    ),
    forbid(
      'engine-has-no-input-or-output',
      `${src}engine/`,
      '^(node:)?(net|tls|fs|fs/promises|http|https|child_process|worker_threads)$|node_modules/(pg|@prisma)/|^prisma/',
      'the engine is a library without input or output: it compiles text to SQL',
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
      'the data plane declares ports, and the control plane implements them with the database',
    ),
    forbid(
      'only-main-starts-things',
      `${src}(?!startup/|main\\.ts)`,
      `${src}(startup/|main\\.ts$)`,
      'only startup/ and main.ts start parts of the gateway',
    ),
    forbid(
      'cli-knows-only-http',
      `${src}cli/`,
      `${src}(?!cli/)|^prisma/`,
      'the command line uses the gateway only over HTTP',
    ),
    forbid('nothing-imports-the-cli', `${src}(?!cli/)`, `${src}cli/`, ''),
    {
      name: 'features-meet-through-services',
      comment: 'a feature of the control plane imports only the service of another feature',
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
      comment: "a journey uses the console only through a browser, and the gateway's test kit",
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
