import { LRUCache } from 'lru-cache';

import {
  accessKey,
  buildApi,
  contentHash,
  printApi,
  projectDocumentLimits,
  type ApiAccess,
  type ProjectApi,
} from '../../engine/runtime.ts';
import type { Model } from '../../engine/schema.ts';
import type { GraphqlRequest } from '../../graphql/graphql-request.ts';
import type { ExecutablePlan } from './executable-plan.ts';
import {
  prepareDocument,
  type PreparedDocument,
  type PreparedOperation,
} from './prepared-document.ts';
import { createSharedCache, type CacheScope } from './shared-cache.ts';

/** The APIs of models, with their documents and query plans: shared by all projects of one model. */
export interface ApiCache {
  of(model: Model, access: ApiAccess): CachedApi;
  stats(): PlanStats;
}

/** The API of one model and access. */
export interface CachedApi {
  readonly api: ProjectApi;
  /** @throws as `prepareDocument` and `PreparedDocument.operation` */
  operation(request: GraphqlRequest): PreparedOperation;
  /** The SDL of the API. */
  print(): string;
}

export interface PlanStats {
  readonly apis: number;
  readonly documents: number;
  readonly plans: number;
  /** Operations whose plan was cached, since the start. */
  readonly hits: number;
  readonly misses: number;
}

interface ApiEntry extends CachedApi {
  readonly documents: CacheScope<PreparedDocument>;
}

/** An API that was used in full takes some kB for each field of its model: a hundred MB for all of these. */
const maxApis = 500;
const maxModelFields = 20_000;
/** In characters of text. A parsed document takes some hundred times the memory of its text. */
const documentBounds = {
  max: 5_000,
  maxSize: 1_000_000,
  maxEntrySize: 50_000,
  maxPerScope: 1_000,
};
/** In characters of SQL and of constant JSON. */
const planBounds = {
  max: 10_000,
  maxSize: 30_000_000,
  maxEntrySize: 5_000_000,
  maxPerScope: 200,
};

export function createApiCache(): ApiCache {
  const counter = { hits: 0, misses: 0 };
  const plans = createSharedCache<ExecutablePlan>(planBounds);
  const documents = createSharedCache<PreparedDocument>({
    ...documentBounds,
    onDrop: (document) => document.dispose(),
  });
  const apis = new LRUCache<string, ApiEntry>({
    max: maxApis,
    maxSize: maxModelFields,
    disposeAfter: (entry) => entry.documents.clear(),
  });
  const keys = new WeakMap<Model, string>();

  const keyOf = (model: Model): string => {
    const known = keys.get(model);
    if (known !== undefined) return known;
    const key = contentHash(model);
    keys.set(model, key);
    return key;
  };

  const build = (model: Model, access: ApiAccess): ApiEntry => {
    const api = buildApi(model, access);
    const environment = { api, limits: projectDocumentLimits, plans, counter };
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
      print: () => (printed ??= printApi(api)),
    };
  };

  return {
    of(model, access) {
      const key = `${keyOf(model)} ${accessKey(access)}`;
      const known = apis.get(key);
      if (known !== undefined) return known;
      const built = build(model, access);
      apis.set(key, built, { size: 10 + sizeOf(model) });
      return built;
    },
    stats: () => ({
      apis: apis.size,
      documents: documents.count,
      plans: plans.count,
      ...counter,
    }),
  };
}

function sizeOf({ types, enums }: Model): number {
  return types.reduce((sum, { fields }) => sum + fields.length, enums.length);
}
