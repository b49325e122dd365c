import { useQuery } from '@tanstack/react-query';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { modelNamed, type Model } from '#console/domain/models/project-models.ts';
import type { Project } from '#console/domain/project.queries.ts';
import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { looseNames } from '#console/lib/sdl/loose-names.ts';
import { userType } from '#console/lib/sdl/rule-columns.ts';

/** The model whose rows are the end users of a project, in the applied schema. */
export interface UserModel {
  readonly model: Model | null;
  /** Why no user can be chosen; null if one can. */
  readonly reason: string | null;
}

export function useUserModel({ ref, schema }: Project): UserModel {
  const applied = useQuery(projectSchemaQuery(ref));
  const models = useQuery({
    ...projectModelsQuery(ref, schema?.version ?? 0),
    enabled: schema !== null,
  });
  if (schema === null) return { model: null, reason: 'No schema is applied yet.' };
  if (applied.isPending || models.isPending) return { model: null, reason: 'Loading the schema…' };
  const name = userType(looseNames(applied.data?.sdl ?? ''))?.name;
  const model = name === undefined ? null : modelNamed(models.data ?? [], name);
  return {
    model,
    reason: model === null ? 'The applied schema has no model with @user.' : null,
  };
}
