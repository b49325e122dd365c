import type { SchemaRemoval } from '../src/control-plane/projects/projects.service.ts';

/** Replaces the real schema removal in tests that do not run jobs. Keeps the PostgreSQL schemas of deleted projects. */
export const noRemoval: SchemaRemoval = { enqueue: () => Promise.resolve() };
