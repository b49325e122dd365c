import { LRUCache } from 'lru-cache';
import { accessKey, type ApiAccess } from '../../engine/runtime.ts';
import { buildApi } from '../../engine/runtime.ts';
import { printApi } from '../../engine/runtime.ts';
import type { ProjectApi } from '../../engine/runtime.ts';
import { projectDocumentLimits } from '../../engine/runtime.ts';
import { contentHash } from '../../engine/runtime.ts';
import type { Model } from '../../engine/schema.ts';
import type { ExecutablePlan } from './executable-plan.ts';
import {
  prepareDocument,
  type DocumentRequest,
  type PreparedDocument,
} from './prepared-documents.ts';
import type { PreparedOperation } from './prepared-operation.ts';
import { createSharedCache, type CacheScope } from './shared-cache.ts';

/** The APIs of models, and everything worked out for them: shared by all projects of a model. */
export interface ProjectPlans {
  of(model: Model, access: ApiAccess): ApiPlans;
  stats(): PlanStats;
}

/** What is kept for one model and access. */
export interface ApiPlans {
  readonly api: ProjectApi;
  /** @throws as `readDocument` and `PreparedDocument.operation` */
  operation(request: DocumentRequest): PreparedOperation;
  /** The SDL of the API. */
  print(): string;
}

export interface PlanStats {
  readonly apis: number;
  readonly documents: number;
  readonly plans: number;
  /** Operations whose plan was there, since the start. */
  readonly hits: number;
  readonly misses: number;
}

interface KeptApi extends ApiPlans {
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
/** In characters of SQL and of what is answered without it. */
const planBounds = {
  max: 10_000,
  maxSize: 30_000_000,
  maxEntrySize: 5_000_000,
  maxPerScope: 200,
};

export function createProjectPlans(): ProjectPlans {
  const counter = { hits: 0, misses: 0 };
  const plans = createSharedCache<ExecutablePlan>(planBounds);
  const documents = createSharedCache<PreparedDocument>({
    ...documentBounds,
    onDrop: (document) => document.forget(),
  });
  const apis = new LRUCache<string, KeptApi>({
    max: maxApis,
    maxSize: maxModelFields,
    disposeAfter: (kept) => kept.documents.clear(),
  });
  const keys = new WeakMap<Model, string>();

  const keyOf = (model: Model): string => {
    const known = keys.get(model);
    if (known !== undefined) return known;
    const key = contentHash(model);
    keys.set(model, key);
    return key;
  };
  const make = (model: Model, access: ApiAccess): KeptApi => {
    const api = buildApi(model, access);
    const source = { api, limits: projectDocumentLimits, plans, counter };
    const scope = documents.createScope();
    let printed: string | null = null;
    return {
      api,
      documents: scope,
      operation(request) {
        const known = scope.get(request.query);
        if (known !== undefined) return known.operation(request);
        const document = prepareDocument(source, request);
        scope.set(request.query, document, request.query.length);
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
      const made = make(model, access);
      apis.set(key, made, { size: 10 + sizeOf(model) });
      return made;
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
