import { LRUCache } from 'lru-cache';

import {
  accessKey,
  buildApi,
  describedAccess,
  printApi,
  projectDocumentLimits,
  ruleCostIn,
  type ApiAccess,
  type ProjectApi,
} from '../../engine/runtime.ts';
import type { Model } from '../../engine/schema.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { ProjectSchema } from '../projects/project-schema.ts';
import type { ExecutablePlan } from './executable-plan.ts';
import {
  prepareDocument,
  type PreparedDocument,
  type PreparedOperation,
} from './prepared-document.ts';
import { createSharedCache, type CacheScope } from './shared-cache.ts';

/**
 * Caches the APIs of schemas, together with their documents and query plans. Projects with the same SDL share them.
 */
export interface ApiCache {
  of(schema: ProjectSchema, access: ApiAccess): CachedApi;
  /** Returns null if the API is not cached. */
  peek(schema: ProjectSchema, access: ApiAccess): CachedApi | null;
  stats(): PlanStats;
}

/** The API of one schema for callers with the same access. */
export interface CachedApi {
  readonly api: ProjectApi;
  /** @throws the same errors as `prepareDocument` and `PreparedDocument.operation` */
  operation(request: GraphqlRequest): PreparedOperation;
  /** Whether the request's document and query plan are cached. */
  isPlanned(request: GraphqlRequest): boolean;
  /** Returns the API's SDL. */
  print(): string;
}

export interface PlanStats {
  readonly apis: number;
  readonly documents: number;
  readonly plans: number;
  /** Number of operations whose plan was found in the cache, since the gateway started. */
  readonly hits: number;
  readonly misses: number;
}

interface ApiEntry extends CachedApi {
  readonly documents: CacheScope<PreparedDocument>;
}

/**
 * A fully used API takes several kB for each field of its model. These limits keep all APIs together at about 100 MB.
 */
const maxApis = 500;
const maxModelFields = 20_000;
/**
 * The share of one schema, whose APIs are as many as the combinations of scopes, audiences and claims of its callers. A
 * large schema can exceed its share of fields by a few APIs, because each would otherwise be built for every request.
 */
const maxApisPerSchema = 100;
const maxModelFieldsPerSchema = 5_000;
const minApisPerSchema = 4;
/** Sizes are measured in characters of text. A parsed document takes about a hundred times the memory of its text. */
const documentBounds = {
  max: 5_000,
  maxSize: 1_000_000,
  maxEntrySize: 50_000,
  maxPerScope: 1_000,
};
/** Sizes are measured in characters of SQL and constant JSON. */
const planBounds = {
  max: 10_000,
  maxSize: 30_000_000,
  maxEntrySize: 5_000_000,
  maxPerScope: 200,
};

/** @param bounds the limits for query plans, where they differ from the usual ones */
export function createApiCache(bounds: Partial<typeof planBounds> = {}): ApiCache {
  const counter = { hits: 0, misses: 0 };
  const plans = createSharedCache<ExecutablePlan>({ ...planBounds, ...bounds });
  const documents = createSharedCache<PreparedDocument>({
    ...documentBounds,
    onDrop: (document) => document.dispose(),
  });
  const apis = createSharedCache<ApiEntry>({
    max: maxApis,
    maxSize: maxModelFields,
    maxEntrySize: maxModelFields,
    maxPerScope: maxApisPerSchema,
    onDrop: (entry) => entry.documents.clear(),
  });
  const apisOfSchemas = new LRUCache<string, CacheScope<ApiEntry>>({
    max: maxApis,
    disposeAfter: (scope) => scope.clear(),
  });

  const build = (model: Model, access: ApiAccess): ApiEntry => {
    const api = buildApi(model, access);
    const limits = { ...projectDocumentLimits, extraCost: ruleCostIn(api) };
    const environment = { api, limits, plans, counter };
    const ownDocuments = documents.createScope();
    let printed: string | null = null;
    return {
      api,
      documents: ownDocuments,
      operation(request) {
        const { query } = request;
        let document = ownDocuments.get(query);
        if (document === undefined) {
          document = prepareDocument(environment, request);
          ownDocuments.set(query, document, query.length);
        }
        return document.operation(request);
      },
      isPlanned: (request) => ownDocuments.get(request.query)?.isPlanned(request) === true,
      print: () => (printed ??= printApi(api)),
    };
  };

  const entryOf = (schema: ProjectSchema, access: ApiAccess): ApiEntry => {
    const key = accessKey(access);
    const known = apisOfSchemas.get(schema.hash)?.get(key);
    if (known !== undefined) return known;
    const model = schema.model();
    const size = 10 + sizeOf(model);
    const built = build(model, access);
    let scope = apisOfSchemas.get(schema.hash);
    if (scope === undefined) {
      const share = Math.floor(maxModelFieldsPerSchema / size);
      scope = apis.createScope(Math.max(minApisPerSchema, share));
      apisOfSchemas.set(schema.hash, scope);
    }
    scope.set(key, built, size);
    return built;
  };

  return {
    peek: (schema, access) => apisOfSchemas.get(schema.hash)?.get(accessKey(access)) ?? null,
    of(schema, access) {
      const described = describedAccess(access);
      const own = entryOf(schema, access);
      return described === access ? own : describing(own, () => entryOf(schema, described));
    },
    stats: () => ({
      apis: apis.count,
      documents: documents.count,
      plans: plans.count,
      ...counter,
    }),
  };
}

/**
 * The API of a caller that can read the schema but no data. Its introspection describes the whole API, and all other
 * operations are checked against the caller's own API.
 */
function describing(own: CachedApi, whole: () => CachedApi): CachedApi {
  return {
    ...own,
    operation(request) {
      if (!/__(?:schema|type)\b/.test(request.query)) return own.operation(request);
      const operation = whole().operation(request);
      return operation.isIntrospection ? operation : own.operation(request);
    },
    print: () => whole().print(),
  };
}

function sizeOf({ types, enums }: Model): number {
  return types.reduce((sum, { fields }) => sum + fields.length, enums.length);
}
