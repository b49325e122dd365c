import type { SchemaRemoval } from '../src/control-plane/projects/projects.service.ts';

/** For tests that do not run jobs. The PostgreSQL schemas of deleted projects are kept. */
export const noRemoval: SchemaRemoval = { enqueue: () => Promise.resolve() };
