// @ts-check
// The console's layers (docs/internals/architecture.md): routes → features → components → ui. domain/ contains the
// queries, permissions and project models that several features share. Routes, features and components can import it.
// All layers can import lib/. All layers except ui/ can import gql/, the router and queries.
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
      comment: 'Type-only cycles are also forbidden. Move shared code to a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    forbid('ui-is-the-ground', `${src}ui/`, `${src}(routes|features|components|domain|gql)/`, ''),
    forbid(
      'ui-knows-no-data',
      `${src}ui/`,
      [
        'node_modules/@tanstack/react-(router|query)/',
        'node_modules/graphql',
        `${src}lib/(api|session)/`,
      ],
      'Components in ui/ receive their data through props.',
    ),
    forbid('components-know-no-feature', `${src}components/`, `${src}(routes|features)/`, ''),
    forbid('features-know-no-route', `${src}features/`, `${src}routes/`, ''),
    forbid(
      'domain-knows-no-component',
      `${src}domain/`,
      `${src}(routes|features|components|ui)/`,
      '',
    ),
    forbid(
      'lib-imports-no-layer',
      `${src}lib/`,
      `${src}(routes|features|components|domain|ui)/`,
      '',
    ),
    {
      name: 'features-stand-alone',
      comment: 'Move code that two features share to domain/, components/ or lib/.',
      severity: 'error',
      from: { path: `${src}features/([^/]+)/` },
      to: { path: `${src}features/`, pathNot: `${src}features/$1/` },
    },
    {
      name: 'no-gateway',
      comment: 'The console uses only the API. Tests can import the gateway to compare the two.',
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
