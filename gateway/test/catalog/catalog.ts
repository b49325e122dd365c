/** The actual catalog of a project's schema, and the catalog that a model is expected to produce. */
export { catalogOf } from './expected-catalog.ts';
export { introspect } from './introspect.ts';
