/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "mutation RefreshSession {\n  refreshSession(input: {}) {\n    __typename\n    ... on RefreshSessionSuccess {\n      session {\n        accessToken\n      }\n    }\n    ... on Error {\n      code\n    }\n  }\n}": typeof types.RefreshSessionDocument,
    "query Viewer {\n  viewer {\n    id\n    name\n    email\n    emailVerifiedAt\n    createdAt\n    organizations(first: 100) {\n      totalCount\n      nodes {\n        id\n        slug\n        name\n        viewerRole\n        viewerCan\n      }\n    }\n  }\n}": typeof types.ViewerDocument,
};
const documents: Documents = {
    "mutation RefreshSession {\n  refreshSession(input: {}) {\n    __typename\n    ... on RefreshSessionSuccess {\n      session {\n        accessToken\n      }\n    }\n    ... on Error {\n      code\n    }\n  }\n}": types.RefreshSessionDocument,
    "query Viewer {\n  viewer {\n    id\n    name\n    email\n    emailVerifiedAt\n    createdAt\n    organizations(first: 100) {\n      totalCount\n      nodes {\n        id\n        slug\n        name\n        viewerRole\n        viewerCan\n      }\n    }\n  }\n}": types.ViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RefreshSession {\n  refreshSession(input: {}) {\n    __typename\n    ... on RefreshSessionSuccess {\n      session {\n        accessToken\n      }\n    }\n    ... on Error {\n      code\n    }\n  }\n}"): typeof import('./graphql.ts').RefreshSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Viewer {\n  viewer {\n    id\n    name\n    email\n    emailVerifiedAt\n    createdAt\n    organizations(first: 100) {\n      totalCount\n      nodes {\n        id\n        slug\n        name\n        viewerRole\n        viewerCan\n      }\n    }\n  }\n}"): typeof import('./graphql.ts').ViewerDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
