/** What PostgreSQL's catalog says of a project's schema, and what it should say for a model. */
export { catalogOf } from './expected-catalog.ts';
export { introspect } from './introspect.ts';
