import { GraphQLSchema } from 'graphql';
import type { Model } from '../sdl/model.ts';
import type { ApiAccess } from './access.ts';
import { createApiContext } from './api-context.ts';
import { indexModel } from './model-index.ts';
import type { ProjectApi } from './project-api.ts';
import { mutationType, queryType } from './root-fields.ts';

/** Builds a model's API for callers with the same access. The API omits everything that these callers cannot use. */
export function buildApi(model: Model, access: ApiAccess): ProjectApi {
  const index = indexModel(model);
  const context = createApiContext(index, access);
  const schema = new GraphQLSchema({
    query: queryType(context),
    mutation: mutationType(context),
    // Every model that `readSdl` accepts produces a valid schema. build-api.test.ts verifies this.
    assumeValid: true,
  });
  return { index, access, schema };
}
