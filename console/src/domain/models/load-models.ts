import { requestProject } from '#console/lib/api/project.ts';
import type { ViewAs } from '#console/lib/api/view-as.ts';

import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import type { ProjectModels } from './project-models.ts';
import { readModels } from './read-models.ts';

/** Loads a project's models as the signed-in member or, with `viewAs`, as another caller. @throws ApiError */
export const loadModels = async (ref: string, viewAs: ViewAs | null): Promise<ProjectModels> =>
  readModels(
    await requestProject<IntrospectionAnswer>(ref, { document: introspectionQuery, viewAs }),
  );
