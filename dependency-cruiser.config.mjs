// @ts-check
// The house's import direction (docs/architecture.md):
//   platform ← engine ← management ← http ← app ← startup ← main;  graphql/ stands beside platform/.
const src = '^gateway/src/';

/** @param {string} name @param {string} from @param {string} to @param {string} comment */
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: /** @type {const} */ ('error'),
  from: { path: from, pathNot: '\\.(test|pg\\.test)\\.ts$' },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'types may name each other (a port and its adapters); code may not need each other',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid(
      'platform-is-the-ground',
      `${src}platform/`,
      `${src}(?!platform/)`,
      'platform knows no feature',
    ),
    forbid('graphql-stands-beside-platform', `${src}graphql/`, `${src}(?!platform/|graphql/)`, ''),
    forbid(
      'engine-is-a-library',
      `${src}engine/`,
      `${src}(?!platform/|engine/)|^prisma/|@prisma/`,
      '',
    ),
    forbid(
      'management-below-http',
      `${src}management/`,
      `${src}(http/|app\\.ts|main\\.ts|config\\.ts)`,
      '',
    ),
    forbid('http-below-app', `${src}http/`, `${src}(app\\.ts|main\\.ts)`, ''),
    forbid(
      'only-main-starts-things',
      `${src}(?!startup/|main\\.ts)`,
      `${src}(startup/|main\\.ts$)`,
      '',
    ),
    forbid(
      'cli-knows-only-http',
      `${src}cli/`,
      `${src}(?!cli/)|^prisma/`,
      'the command line is a client',
    ),
    forbid('nobody-needs-the-cli', `${src}(?!cli/)`, `${src}cli/`, ''),
    forbid(
      'engine-has-one-face',
      `${src}(?!engine/)`,
      `${src}engine/(?!index\\.ts$)`,
      'import engine/index.ts',
    ),
    {
      name: 'pure-engine',
      comment: 'sdl, sql, api, compile and the planning half of migrate do no I/O',
      severity: 'error',
      from: { path: `${src}engine/(sdl|sql|api|compile|migrate/plan)/`, pathNot: '\\.test\\.ts$' },
      to: {
        path: ['^node:', '^(fs|net|http|child_process)$', 'node_modules/pg/'],
        pathNot: '^node:crypto$',
      },
    },
    {
      name: 'features-meet-through-services',
      comment: "between two features of management/, only the other's service",
      severity: 'error',
      from: { path: `${src}management/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: {
        path: `${src}management/[^/]+/`,
        pathNot: [`${src}management/$1/`, '\\.service\\.ts$', `${src}management/access/`],
      },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: src, pathNot: '\\.test\\.ts$' },
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
      from: { path: src, pathNot: '\\.test\\.ts$' },
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
