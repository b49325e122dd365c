import { printSchema } from 'graphql';
import type { ProjectApi } from './project-api.ts';

/** The SDL of the API, for people and code generators: `buildSchema` reads it back. */
export function printApi({ schema }: Pick<ProjectApi, 'schema'>): string {
  return `${printSchema(schema)}\n`;
}
