import { readFileSync } from 'node:fs';

import { buildSchema, executeSync, parse } from 'graphql';

import { typeNamed, type DataModel, type DataType } from './data-model.ts';
import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import { readModel } from './read-model.ts';

/** The tracker's project API, as the gateway prints it. */
export const trackerApi = readFileSync(
  new URL('../../../../gateway/src/engine/api/tracker.api.graphql', import.meta.url),
  'utf8',
);

/** As the console reads it from an API with this SDL. */
export function modelOf(sdl: string): DataModel {
  const schema = buildSchema(sdl);
  const { data, errors } = executeSync({ schema, document: parse(introspectionQuery) });
  if (errors !== undefined) throw new Error(errors.join('\n'));
  // What the query asks for is what the interface says.
  return readModel(data as unknown as IntrospectionAnswer);
}

export const trackerModel = modelOf(trackerApi);

export function trackerType(name: string): DataType {
  const type = typeNamed(trackerModel, name);
  if (type === null) throw new Error(`The tracker has no type ${name}.`);
  return type;
}
