import type { GraphQLSchema } from 'graphql';

import { builder } from './graphql/builder.ts';
import './graphql/scalars.ts';
import './graphql/connection.ts';
import './graphql/error-types.ts';
import './api-keys/api-keys.graphql.ts';
import './audit/audit.graphql.ts';
import './explanations/explanations.graphql.ts';
import './invitations/invitations.graphql.ts';
import './members/members.graphql.ts';
import './organizations/organizations.graphql.ts';
import './project-settings/project-settings.graphql.ts';
import './projects/projects.graphql.ts';
import './schemas/schema-access.graphql.ts';
import './schemas/schemas.graphql.ts';
import './sessions/sign-in.graphql.ts';
import './sessions/sessions.graphql.ts';
import './storage/storage.graphql.ts';
import './usage/usage.graphql.ts';
import './users/users.graphql.ts';

/**
 * The management API's schema.
 * @throws PothosSchemaError if a type or field declares no authScopes. The message names it.
 */
export function createManagementSchema(): GraphQLSchema {
  return builder.toSchema();
}
