import { readFileSync } from 'node:fs';

import { modelNamed, type Model } from './project-models.ts';
import { modelsOf } from './tracker.fixture.ts';

/** The SDL of the API of a project with keys of every kind, as the gateway prints it. */
export const keysApi = readFileSync(
  new URL('../../../../gateway/src/engine/api/keys.api.graphql', import.meta.url),
  'utf8',
);

export const keysModels = modelsOf(keysApi);

export function keysModel(name: string): Model {
  const model = modelNamed(keysModels, name);
  if (model === null) throw new Error(`The project with keys has no model ${name}.`);
  return model;
}
