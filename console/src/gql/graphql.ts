/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Why a mutation did not do what it was asked. */
export type ErrorCode =
  | 'ALREADY_INVITED'
  | 'ALREADY_MEMBER'
  | 'CONFIRMATION_MISMATCH'
  | 'EMAIL_TAKEN'
  | 'HAZARD_NOT_ACCEPTED'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_SCHEMA'
  | 'INVALID_TOKEN'
  | 'KEY_NOT_ACTIVE'
  | 'LAST_OWNER'
  | 'LIMIT_REACHED'
  | 'NOT_FOUND'
  | 'SCHEMA_NOT_APPLIED'
  | 'SLUG_TAKEN'
  | 'STALE_PLAN'
  | 'VALIDATION_FAILED'
  | 'WRONG_ACCOUNT';

/** What a member may do. Each role holds the rights of those after it. */
export type Role =
  | 'ADMIN'
  | 'DEVELOPER'
  | 'OWNER'
  | 'VIEWER';

export type RefreshSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type RefreshSessionMutation = { refreshSession:
    | { __typename: 'InvalidTokenError', code: ErrorCode }
    | { __typename: 'RefreshSessionSuccess', session: { accessToken: string } }
    | { __typename: 'ValidationError', code: ErrorCode }
   | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, name: string, email: string, emailVerifiedAt: string | null, createdAt: string | null, organizations: { totalCount: number, nodes: Array<{ id: string, slug: string, name: string, viewerRole: Role | null, viewerCan: Array<string> }> } } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession {
  refreshSession(input: {}) {
    __typename
    ... on RefreshSessionSuccess {
      session {
        accessToken
      }
    }
    ... on Error {
      code
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const ViewerDocument = new TypedDocumentString(`
    query Viewer {
  viewer {
    id
    name
    email
    emailVerifiedAt
    createdAt
    organizations(first: 100) {
      totalCount
      nodes {
        id
        slug
        name
        viewerRole
        viewerCan
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;