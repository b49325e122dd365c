import type { SchemaRemoval } from '../src/control-plane/projects/projects.service.ts';

/** A schema removal for tests that do not run jobs. It keeps the PostgreSQL schemas of deleted projects. */
export const noRemoval: SchemaRemoval = { enqueue: () => Promise.resolve() };
