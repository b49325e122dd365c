import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { requestProject } from '#console/lib/api/project.ts';

import { queryKeys } from '../query-keys.ts';
import { choiceCondition } from './choices.ts';
import type { JsonObject } from './json.ts';
import type { Model } from './project-models.ts';
import { choicesDocument } from './reference-documents.ts';
import { referencesOf } from './rows.ts';

/** Up to 20 rows whose label or key contains the search text or equals it. */
export const choicesQuery = (ref: string, model: Model, text: string) =>
  queryOptions({
    queryKey: queryKeys.data.choices(ref, model.name, text),
    queryFn: async ({ signal }) => {
      const where = choiceCondition(model, text);
      const { rows } = await requestProject<{ rows: { nodes: readonly JsonObject[] } }>(ref, {
        document: choicesDocument(model),
        variables: where === null ? {} : { where },
        signal,
      });
      return referencesOf(rows.nodes);
    },
    placeholderData: keepPreviousData,
  });
