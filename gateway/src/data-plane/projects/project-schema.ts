import { createHash } from 'node:crypto';

import { readAppliedSdl, type Model } from '../../engine/schema.ts';

/** The schema of a project at one version. */
export interface ProjectSchema {
  readonly sdl: string;
  /** Identifies the SDL. Projects with the same SDL share cached APIs and plans. */
  readonly hash: string;
  /** Reads the model at the first call. @throws Error if this gateway cannot read the SDL */
  readonly model: () => Model;
  /** The model if it was read, otherwise null. Reading the model of a large SDL takes long. */
  readonly knownModel: () => Model | null;
}

/** The part of a schema that can be sent to another thread. */
export type SchemaText = Pick<ProjectSchema, 'sdl' | 'hash'>;

const emptyModel: Model = { types: [], enums: [], relations: [], access: null };

export function hashOfSdl(sdl: string): string {
  return createHash('sha256').update(sdl).digest('base64url');
}

/** @param sdl the SDL of a version that was applied, or an empty string before the first one */
export function projectSchema(sdl: string, hash = hashOfSdl(sdl)): ProjectSchema {
  let model: Model | null = null;
  return { sdl, hash, model: () => (model ??= modelOf(sdl)), knownModel: () => model };
}

/** The schema of a project before the first version. */
export const noSchema = projectSchema('');

function modelOf(sdl: string): Model {
  if (sdl === '') return emptyModel;
  const reading = readAppliedSdl(sdl);
  // The SDL was valid when it was applied, and every later gateway must be able to read it.
  if (!reading.ok) throw new Error('The SDL of an applied schema version cannot be read.');
  return reading.model;
}
