import type { SchemaRemoval } from '../src/control-plane/projects/projects.service.ts';

/** For tests that run no jobs: what deleted projects had in PostgreSQL stays. */
export const noRemoval: SchemaRemoval = { enqueue: () => Promise.resolve() };
