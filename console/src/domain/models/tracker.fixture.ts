import { readFileSync } from 'node:fs';

import { buildSchema, executeSync, parse } from 'graphql';

import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import { modelNamed, type ProjectModels, type Model } from './project-models.ts';
import { readModels } from './read-models.ts';

/** The SDL of the tracker's project API, as the gateway prints it. */
export const trackerApi = readFileSync(
  new URL('../../../../gateway/src/engine/api/tracker.api.graphql', import.meta.url),
  'utf8',
);

/** The models that the console derives from an API with this SDL. */
export function modelsOf(sdl: string): ProjectModels {
  const schema = buildSchema(sdl);
  const { data, errors } = executeSync({ schema, document: parse(introspectionQuery) });
  if (errors !== undefined) throw new Error(errors.join('\n'));
  // The interface describes the result of this query.
  return readModels(data as unknown as IntrospectionAnswer);
}

export const trackerModels = modelsOf(trackerApi);

export function trackerModel(name: string): Model {
  const model = modelNamed(trackerModels, name);
  if (model === null) throw new Error(`The tracker has no model ${name}.`);
  return model;
}
