import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type PrismaTypes from '#pothos-prisma';
import { getDatamodel } from '#pothos-prisma';

import type { Action } from '../access/actions.ts';
import type { ProjectIdentity } from '../access/access.service.ts';
import { errors } from '../errors/errors.ts';
import type { Context } from './context.ts';
import RequireScopesPlugin from './require-scopes-plugin.ts';

/**
 * The conditions for access to a type or a field. If several conditions are declared, one of them is enough. Every
 * object type, or each of its fields, must declare at least one (`require-scopes-plugin.ts`).
 */
interface AuthScopes {
  /** Everyone, signed in or not. */
  public: boolean;
  /** The parent field determines access. Types must declare this explicitly. */
  viaParent: boolean;
  /** A signed-in user. */
  user: boolean;
  /** The user with this id. */
  self: string;
  /** A member whose role allows the action. */
  organization: { id: string; action: Action };
  /** A member whose role allows the action, or the project's own key with a scope that allows it. */
  project: { project: ProjectIdentity; action: Action };
  /** The API key with this id. */
  ownKey: string;
}

const capitalize = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** The management API's schema builder. Feature files add their types to it when they are imported. */
export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  AuthScopes: AuthScopes;
  DefaultFieldNullability: false;
  DefaultInputFieldRequiredness: true;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}>({
  plugins: [RequireScopesPlugin, ScopeAuthPlugin, ErrorsPlugin, RelayPlugin, PrismaPlugin],
  defaultFieldNullability: false,
  defaultInputFieldRequiredness: true,
  scopeAuth: {
    defaultStrategy: 'any',
    unauthorizedError: (_parent, context) =>
      context.viewer.kind === 'anonymous' ? errors.unauthenticated() : errors.forbidden(),
    authScopes: (context) => ({
      public: true,
      viaParent: true,
      // These are functions because `register` and `login` change the viewer from anonymous to a user.
      user: () => context.viewer.kind === 'user',
      self: (userId) => context.viewer.kind === 'user' && context.viewer.userId === userId,
      organization: ({ id, action }) => context.access.mayInOrganization(id, action),
      project: ({ project, action }) => context.access.mayOnProject(project, action),
      ownKey: (keyId) => context.viewer.kind === 'apiKey' && context.viewer.keyId === keyId,
    }),
  },
  errors: {
    directResult: true,
    defaultTypes: [],
    defaultUnionOptions: { name: ({ fieldName }) => `${capitalize(fieldName)}Result` },
  },
  relay: {
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    nodesOnConnection: true,
    edgesFieldOptions: { nullable: false },
    nodeFieldOptions: { nullable: false },
    pageInfoTypeOptions: { authScopes: { viaParent: true } },
    defaultConnectionTypeOptions: { authScopes: { viaParent: true } },
    defaultEdgeTypeOptions: { authScopes: { viaParent: true } },
  },
  prisma: {
    client: (context) => context.db,
    dmmf: getDatamodel(),
    onUnusedQuery: null,
  },
});

builder.queryType({
  description: "The management API's queries.",
  authScopes: { viaParent: true },
});
builder.mutationType({
  description:
    "The management API's mutations. A mutation returns either its success type or an expected failure. Every other failure is an error with `extensions.code`.",
  authScopes: { viaParent: true },
});
