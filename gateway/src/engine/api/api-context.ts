import type { ModelType } from '../sdl/model.ts';
import type { ApiAccess } from './access.ts';
import type { ApiContext, ApiTypes } from './api-types.ts';
import { connectionTypeOf } from './connection-types.ts';
import { enumFilters } from './filters.ts';
import type { ModelIndex } from './model-index.ts';
import { batchTypeOf, enumTypeOf, objectTypeOf } from './object-types.ts';
import { listWhereTypeOf, orderByTypeOf, whereTypeOf, whereUniqueTypeOf } from './where-types.ts';
import {
  createTypeOf,
  nestedCreateTypeOf,
  nestedListCreateTypeOf,
  nestedListUpdateTypeOf,
  nestedUpdateTypeOf,
  signUpTypeOf,
  updateTypeOf,
} from './write-inputs.ts';

/** Returns the generated types of an API. Each is created on first use, because they refer to each other. */
export function createApiContext(index: ModelIndex, access: ApiAccess): ApiContext {
  const types: ApiTypes = apiTypes(() => context);
  const context: ApiContext = { index, access, types };
  return context;
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
    signUp: perType(signUpTypeOf),
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
