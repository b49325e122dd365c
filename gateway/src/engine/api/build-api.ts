import { GraphQLSchema } from 'graphql';
import type { Model, ModelType } from '../sdl/model.ts';
import type { ApiAccess } from './access.ts';
import type { ApiContext, ApiTypes } from './api-types.ts';
import { connectionTypeOf } from './connection-types.ts';
import { enumFilters } from './filters.ts';
import { indexModel } from './model-index.ts';
import { batchTypeOf, enumTypeOf, objectTypeOf } from './object-types.ts';
import type { ProjectApi } from './project-api.ts';
import { mutationType, queryType } from './root-fields.ts';
import { listWhereTypeOf, orderByTypeOf, whereTypeOf, whereUniqueTypeOf } from './where-types.ts';
import {
  createTypeOf,
  nestedCreateTypeOf,
  nestedListCreateTypeOf,
  nestedListUpdateTypeOf,
  nestedUpdateTypeOf,
  updateTypeOf,
} from './write-inputs.ts';

/** Builds a model's API for callers with the same access. The API omits everything that these callers cannot use. */
export function buildApi(model: Model, access: ApiAccess): ProjectApi {
  const index = indexModel(model);
  // The context and its types refer to each other, so each type is created on first use.
  const types: ApiTypes = apiTypes(() => context);
  const context: ApiContext = { index, access, types };
  const schema = new GraphQLSchema({
    query: queryType(context),
    mutation: mutationType(context),
    // Every model that `readSdl` accepts produces a valid schema. build-api.test.ts verifies this.
    assumeValid: true,
  });
  return { index, access, schema };
}

function apiTypes(contextOf: () => ApiContext): ApiTypes {
  const perType = <T>(make: (context: ApiContext, type: ModelType) => T) => {
    const made = memoized((name: string) => make(contextOf(), contextOf().index.type(name)));
    return ({ name }: ModelType) => made(name);
  };
  const enumType = memoized((name: string) => enumTypeOf(contextOf().index.enumType(name)));
  return {
    enumType,
    enumFilters: memoized((name: string) => enumFilters(enumType(name))),
    object: perType(objectTypeOf),
    connection: perType(connectionTypeOf),
    batch: perType(batchTypeOf),
    where: perType(whereTypeOf),
    whereUnique: perType(whereUniqueTypeOf),
    listWhere: perType(listWhereTypeOf),
    orderBy: perType(orderByTypeOf),
    create: perType(createTypeOf),
    update: perType(updateTypeOf),
    nestedCreate: perType(nestedCreateTypeOf),
    nestedUpdate: perType(nestedUpdateTypeOf),
    nestedListCreate: perType(nestedListCreateTypeOf),
    nestedListUpdate: perType(nestedListUpdateTypeOf),
  };
}

/**
 * Returns a function that calls `make` only once for each name. The map's size is limited by the number of names in the
 * model.
 */
function memoized<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const fresh = make(name);
    made.set(name, fresh);
    return fresh;
  };
}
