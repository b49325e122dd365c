import { requestProject } from '#console/lib/api/project.ts';

import { introspectionQuery, type IntrospectionAnswer } from './introspection.ts';
import type { ProjectModels } from './project-models.ts';
import { readModels } from './read-models.ts';

/** Loads a project's models as the signed-in member. @throws ApiError */
export const loadModels = async (ref: string): Promise<ProjectModels> =>
  readModels(await requestProject<IntrospectionAnswer>(ref, { document: introspectionQuery }));
