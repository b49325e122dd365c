/** The actual catalog of a project's schema, and the expected catalog of a model. */
export { catalogOf } from './expected-catalog.ts';
export { introspect } from './introspect.ts';
