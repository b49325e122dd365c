// @ts-check
// The console's layers (docs/architecture.md):
//   routes → features → components → ui;  all may use lib/ and gql/, but ui/ knows neither router, query nor gql.
import { join } from 'node:path';

const src = '^console/src/';

/** @param {string} name @param {string} from @param {string | string[]} to @param {string} comment */
const forbid = (name, from, to, comment) => ({
  name,
  comment,
  severity: /** @type {const} */ ('error'),
  from: { path: from },
  to: { path: to },
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'types may name each other; code may not need each other',
      severity: 'error',
      // The router's generated tree names each route, and a route may name the router.
      from: { pathNot: 'route-tree\\.gen\\.ts$' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid('ui-is-the-ground', `${src}ui/`, `${src}(routes|features|components|gql)/`, ''),
    forbid(
      'ui-knows-no-data',
      `${src}ui/`,
      [
        'node_modules/@tanstack/react-(router|query)/',
        'node_modules/graphql',
        `${src}lib/(api|session)/`,
      ],
      'ui/ shows what it is given',
    ),
    forbid('components-know-no-feature', `${src}components/`, `${src}(routes|features)/`, ''),
    forbid('features-know-no-route', `${src}features/`, `${src}routes/`, ''),
    forbid('lib-knows-no-component', `${src}lib/`, `${src}(routes|features|components|ui)/`, ''),
    {
      name: 'features-stand-alone',
      comment: 'what two features need goes to components/ or lib/',
      severity: 'error',
      from: { path: `${src}features/([^/]+)/` },
      to: { path: `${src}features/`, pathNot: `${src}features/$1/` },
    },
    {
      name: 'no-gateway',
      comment: 'the console knows the API alone; a test may hold its words against the gateway',
      severity: 'error',
      from: { path: src, pathNot: '\\.test\\.ts$' },
      to: { path: '^(gateway|prisma)/' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: src, pathNot: '\\.test\\.tsx?$' },
      to: { path: ['\\.test\\.tsx?$', '^console/e2e/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(import.meta.dirname, 'tsconfig.json') },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js'] },
  },
};
