/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type AcceptInvitationInput = {
  token: string;
};

export type AcceptReceivedInvitationInput = {
  id: string | number;
};

/** The rows or values for which an operation is possible. */
export type AccessExtent =
  /** All. */
  | 'ALL'
  /** None. The operation is not in the API of these callers. */
  | 'NONE'
  /** Those for which the rules hold. */
  | 'SOME';

/** An operation on rows that access rules can permit. */
export type AccessOperation =
  /** Create rows. */
  | 'CREATE'
  /** Delete rows. */
  | 'DELETE'
  /** Refer to rows from other rows. */
  | 'LINK'
  /** See rows and their values. */
  | 'READ'
  /** Change rows. */
  | 'UPDATE';

export type AccessRuleKind =
  /** From `@allow`: an alternative that permits operations. */
  | 'ALLOW'
  /** Rules read the field to decide what the caller can do, so callers cannot write it. */
  | 'GUARDED'
  /** From `@preset`: the value is set, and callers cannot write it. */
  | 'PRESET'
  /** From `@private`: callers can neither read nor write the field. */
  | 'PRIVATE'
  /** From `@require`: a condition that must hold as well. */
  | 'REQUIRE'
  /** From `@signUp`: new users can set the field in their own row. */
  | 'SIGN_UP';

export type ApiKeyKind =
  /** For apps that run on users' devices. Everyone can read the key, so the schema's access rules decide what its callers can do. */
  | 'PUBLISHABLE'
  /** For servers, which can keep a secret. Access rules do not apply. */
  | 'SECRET';

export type ApplySchemaInput = {
  /** The hazards to accept. Must include all of the plan's hazards. Otherwise, the plan is not applied. */
  acceptHazards?: Array<Hazard> | null | undefined;
  /** The hash of the plan that was reviewed. */
  planHash: string;
  projectRef: string | number;
  sdl: string;
};

/** Who an access rule is for. Each audience has the rights of the ones before it. */
export type Audience =
  /** Callers who are signed in, also with an anonymous account. */
  | 'GUEST'
  /** Everyone, also callers who are signed out. */
  | 'PUBLIC'
  /** Callers who are signed in with a real account. */
  | 'USER';

export type AuditActorKind =
  | 'ANONYMOUS'
  | 'API_KEY'
  | 'SYSTEM'
  | 'USER';

/** Filters for the audit log. An entry must match all given fields. */
export type AuditLogFilter = {
  /** An action, for example `apiKey.create`. */
  action?: string | null | undefined;
  actorId?: string | number | null | undefined;
  projectRef?: string | number | null | undefined;
  since?: string | null | undefined;
  until?: string | null | undefined;
};

export type ChangeMemberRoleInput = {
  id: string | number;
  role: Role;
};

export type ChangePasswordInput = {
  currentPassword: string;
  newPassword: string;
};

export type ClaimMappingInput = {
  /** A field of the `@claims` type. */
  name: string;
  /** The names of the members from the token to the value, separated by dots: `app_metadata.role`. */
  path: string;
};

export type CreateApiKeyInput = {
  expiresAt?: string | null | undefined;
  kind?: ApiKeyKind | null | undefined;
  name: string;
  projectRef: string | number;
  /** From 1 to 1,000,000. */
  rateLimitPerMinute?: number | null | undefined;
  /** 1 to 100 scopes: `data.read`, `data.write`, `schema.read` or `schema.apply`. A data scope can name a model, as in `data.read:Issue`. A publishable key cannot have `schema.apply`, and its scopes only narrow what the access rules allow. Required for a secret key. A publishable key has `data.read` and `data.write` if omitted. */
  scopes?: Array<string> | null | undefined;
};

export type CreateInvitationLinkInput = {
  id: string | number;
};

export type CreateOrganizationInput = {
  name: string;
  /** Generated from the name if omitted. */
  slug?: string | null | undefined;
};

export type CreateProjectInput = {
  name: string;
  organizationId: string | number;
  /** Generated from the name if omitted. */
  slug?: string | null | undefined;
};

export type DeclineInvitationInput = {
  id: string | number;
};

export type DeleteOrganizationInput = {
  id: string | number;
  /** The organization's name, as a confirmation. If given, it must match. */
  name?: string | null | undefined;
};

export type DeleteProjectInput = {
  /** The project's name, as a confirmation. */
  name: string;
  projectRef: string | number;
};

/** Whether users must verify their email address before they can sign in. */
export type EmailVerificationMode =
  | 'OPTIONAL'
  | 'REQUIRED';

/** The reason that a mutation failed. */
export type ErrorCode =
  | 'ALREADY_INVITED'
  | 'ALREADY_MEMBER'
  | 'CONFIRMATION_MISMATCH'
  | 'EMAIL_NOT_VERIFIED'
  | 'EMAIL_TAKEN'
  | 'HAZARD_NOT_ACCEPTED'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_SCHEMA'
  | 'INVALID_TOKEN'
  | 'KEY_NOT_ACTIVE'
  | 'LAST_OWNER'
  | 'LIMIT_REACHED'
  | 'NOT_FOUND'
  | 'REGISTRATION_CLOSED'
  | 'SCHEMA_NOT_APPLIED'
  | 'SLUG_TAKEN'
  | 'STALE_PLAN'
  | 'VALIDATION_FAILED'
  | 'WRONG_ACCOUNT';

export type ExplainAccessInput = {
  as: ExplainedCallerInput;
  projectRef: string | number;
  /** A GraphQL document with one operation. */
  query: string;
  /** The variables of the operation, by name. */
  variables?: unknown;
};

/** A caller to whom access rules apply. */
export type ExplainedCallerInput = {
  audience: Audience;
  /** The claims of the token, by their names in the `@claims` type. */
  claims?: unknown;
  /** The key of a row of the `@user` model. If omitted, the caller has no row. Must be omitted for `PUBLIC`. */
  userId?: string | number | null | undefined;
};

/** A step's possible effect on data and concurrent requests, from the least to the most severe. */
export type Hazard =
  /** Permanently deletes rows or values. */
  | 'DATA_LOSS'
  /** Blocks other statements while a table is scanned or rewritten. */
  | 'LOCK'
  /** The step fails if existing rows violate the new rule. In that case, nothing is applied. */
  | 'MAY_FAIL'
  /** No hazard. */
  | 'NONE'
  /** Callers with access rules may be able to do more than before. */
  | 'WIDENS_ACCESS';

export type InviteMemberInput = {
  email: string;
  organizationId: string | number;
  role: Role;
};

export type IssuerAlgorithm =
  | 'ES256'
  | 'EdDSA'
  | 'RS256';

export type LeaveOrganizationInput = {
  /** The organization's id. */
  id: string | number;
};

export type LoginInput = {
  email: string;
  password: string;
  tokenDelivery?: TokenDelivery | null | undefined;
};

export type PlanNoteKind =
  /** Deleting a row also deletes rows of a model with rules, which do not decide about it. */
  | 'CASCADE'
  /** Trusted issuers map a claim that the schema no longer has. */
  | 'CLAIM'
  /** Rules look for rows by a column without an index. */
  | 'INDEX';

export type PlanSchemaInput = {
  projectRef: string | number;
  sdl: string;
};

export type RegisterInput = {
  email: string;
  /** The token from an emailed invitation to this address. It verifies the address, and admits the registration if it requires an invitation. The invitation remains open: see `acceptInvitation`. */
  invitationToken?: string | null | undefined;
  name: string;
  /** 12 to 256 characters of any kind. */
  password: string;
  tokenDelivery?: TokenDelivery | null | undefined;
};

/** Who can register. */
export type RegistrationMode =
  /** No one can register. */
  | 'CLOSED'
  /** Users with an invitation to an organization. */
  | 'INVITED'
  /** Everyone. */
  | 'OPEN';

export type RemoveMemberInput = {
  id: string | number;
};

export type RequestPasswordResetInput = {
  email: string;
};

export type ResendEmailVerificationInput = {
  email: string;
};

export type ResetPasswordInput = {
  newPassword: string;
  token: string;
};

export type RevokeApiKeyInput = {
  id: string | number;
};

export type RevokeInvitationInput = {
  id: string | number;
};

export type RevokeSessionInput = {
  id: string | number;
};

/** A member's role in an organization. Each role includes the permissions of the roles listed after it. */
export type Role =
  | 'ADMIN'
  | 'DEVELOPER'
  | 'OWNER'
  | 'VIEWER';

export type RotateApiKeyInput = {
  id: string | number;
  /** From 0 to 2,592,000 (30 days). */
  overlapSeconds: number;
};

export type SchemaAuthorKind =
  | 'API_KEY'
  | 'USER';

/** The reason that a session has ended. */
export type SessionEnd =
  /** The session was not used for too long, or reached its maximum age. */
  | 'EXPIRED'
  /** A refresh token was used again after its exchange. It may have been stolen. */
  | 'REUSED'
  /** The user signed out or ended the session on another device, or the password was changed. */
  | 'REVOKED';

export type SetTrustedIssuersInput = {
  /** The `accessSettingsVersion` that the change is based on. If the settings have changed since, the error is `CONFLICT` and nothing is changed. If omitted, this is not checked. */
  expectedVersion?: string | null | undefined;
  /** At most 10 issuers. */
  issuers: Array<TrustedIssuerInput>;
  projectRef: string | number;
};

/** How the refresh token is returned to the client. */
export type TokenDelivery =
  /** In the `refreshToken` field. For clients that are not browsers. */
  | 'BODY'
  /** In a cookie that scripts cannot read. For browsers. */
  | 'COOKIE';

export type TrustedIssuerInput = {
  /** The accepted signature algorithms. If omitted, all of them are accepted. */
  algorithms?: Array<IssuerAlgorithm> | null | undefined;
  /** The value that the claim `aud` of its tokens must have or contain. */
  audience: string;
  /** At most 50 claims that access rules can use. */
  claims?: Array<ClaimMappingInput> | null | undefined;
  /** The exact claim `iss` of its tokens. A URL that begins with `https://`. */
  issuer: string;
  /** The URL of its public keys (RFC 7517). If null, OpenID Connect discovery finds it. */
  jwksUrl?: string | null | undefined;
  /** The claim that identifies the user, usually `sub`. If it is `email`, only tokens whose claim `email_verified` is true are accepted. */
  userClaim: string;
  /** The unique field of the `@user` model that contains the value of `userClaim`. Each issuer has its own field. */
  userField: string;
};

export type UpdateApiKeyInput = {
  id: string | number;
  name?: string | null | undefined;
  /** From 1 to 1,000,000. Null removes the limit. */
  rateLimitPerMinute?: number | null | undefined;
  /** 1 to 100 scopes: `data.read`, `data.write`, `schema.read` or `schema.apply`. A data scope can name a model, as in `data.read:Issue`. A publishable key cannot have `schema.apply`, and its scopes only narrow what the access rules allow. */
  scopes?: Array<string> | null | undefined;
};

export type UpdateOrganizationInput = {
  id: string | number;
  name?: string | null | undefined;
  slug?: string | null | undefined;
};

export type UpdateProfileInput = {
  name: string;
};

export type UpdateProjectInput = {
  name?: string | null | undefined;
  projectRef: string | number;
  slug?: string | null | undefined;
};

export type UpdateProjectSettingsInput = {
  /** At most 50 origins, each with scheme, host and port, such as `https://app.example` or `http://localhost:5173`. Wildcards are not possible. */
  allowedOrigins?: Array<string> | null | undefined;
  /** The `accessSettingsVersion` that the change is based on. If the settings have changed since, the error is `CONFLICT` and nothing is changed. If omitted, this is not checked. */
  expectedVersion?: string | null | undefined;
  projectRef: string | number;
};

export type VerifyEmailInput = {
  token: string;
};

export type ReceivedInvitationFragment = { id: string, organizationName: string, role: Role, invitedByName: string | null, expiresAt: string };

export type AcceptReceivedInvitationMutationVariables = Exact<{
  input: AcceptReceivedInvitationInput;
}>;


export type AcceptReceivedInvitationMutation = { acceptReceivedInvitation:
    | { __typename: 'AcceptReceivedInvitationSuccess', invitation: { id: string, organization: { id: string, slug: string } } }
    | { __typename: 'AlreadyMemberError', code: ErrorCode, message: string }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type DeclineInvitationMutationVariables = Exact<{
  input: DeclineInvitationInput;
}>;


export type DeclineInvitationMutation = { declineInvitation:
    | { __typename: 'DeclineInvitationSuccess', ok: boolean }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type AccountPolicyQueryVariables = Exact<{ [key: string]: never; }>;


export type AccountPolicyQuery = { accountPolicy: { registration: RegistrationMode, emailVerification: EmailVerificationMode } };

export type CurrentOrganizationQueryVariables = Exact<{
  slug: string;
}>;


export type CurrentOrganizationQuery = { organization: { id: string, slug: string, name: string, createdAt: string, viewerRole: Role | null, viewerCan: Array<string> } | null };

export type ProjectSchemaQueryVariables = Exact<{
  ref: string | number;
}>;


export type ProjectSchemaQuery = { project: { id: string, schema: { sdl: string, version: number, appliedAt: string, appliedBy: { id: string, kind: SchemaAuthorKind, label: string | null } } | null } | null };

export type CurrentProjectQueryVariables = Exact<{
  ref: string | number;
}>;


export type CurrentProjectQuery = { project: { id: string, ref: string, name: string, slug: string, createdAt: string, endpoint: string, viewerCan: Array<string>, organization: { id: string, slug: string, name: string, viewerRole: Role | null, viewerCan: Array<string> }, schema: { version: number, appliedAt: string } | null } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { id: string, name: string, email: string, emailVerifiedAt: string | null, createdAt: string | null, organizations: { totalCount: number, nodes: Array<{ id: string, slug: string, name: string, viewerRole: Role | null, viewerCan: Array<string> }> }, receivedInvitations: { nodes: Array<{ id: string, organizationName: string, role: Role, invitedByName: string | null, expiresAt: string }> } | null } | null };

export type ViewerSessionsQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerSessionsQuery = { viewer: { id: string, sessions: { nodes: Array<{ id: string, createdAt: string, lastUsedAt: string, ipAddress: string | null, userAgent: string | null, current: boolean }> } } | null };

export type AccountLogQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AccountLogQuery = { viewer: { id: string, auditLog: { totalCount: number, pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, at: string, action: string, ipAddress: string | null, details: unknown }> } | null } | null };

export type UpdateProfileMutationVariables = Exact<{
  input: UpdateProfileInput;
}>;


export type UpdateProfileMutation = { updateProfile:
    | { __typename: 'UpdateProfileSuccess', user: { id: string, name: string } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type ResendEmailVerificationMutationVariables = Exact<{ [key: string]: never; }>;


export type ResendEmailVerificationMutation = { resendEmailVerification:
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'ResendEmailVerificationSuccess', ok: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   | null };

export type ChangePasswordMutationVariables = Exact<{
  input: ChangePasswordInput;
}>;


export type ChangePasswordMutation = { changePassword:
    | { __typename: 'ChangePasswordSuccess', ok: boolean }
    | { __typename: 'InvalidCredentialsError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type RevokeSessionMutationVariables = Exact<{
  input: RevokeSessionInput;
}>;


export type RevokeSessionMutation = { revokeSession:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeSessionSuccess', ok: boolean }
   | null };

export type RevokeOtherSessionsMutationVariables = Exact<{ [key: string]: never; }>;


export type RevokeOtherSessionsMutation = { revokeOtherSessions:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeOtherSessionsSuccess', ok: boolean }
   | null };

export type AuditLogQueryVariables = Exact<{
  slug: string;
  filter?: AuditLogFilter | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type AuditLogQuery = { organization: { id: string, auditLog: { totalCount: number, pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, at: string, action: string, ipAddress: string | null, details: unknown, actor: { kind: AuditActorKind, id: string | null, label: string | null }, target: { kind: string, id: string | null, label: string | null } }> } } | null };

export type AuditRowFragment = { id: string, at: string, action: string, ipAddress: string | null, details: unknown, actor: { kind: AuditActorKind, id: string | null, label: string | null }, target: { kind: string, id: string | null, label: string | null } };

export type AuditChoicesQueryVariables = Exact<{
  slug: string;
}>;


export type AuditChoicesQuery = { organization: { id: string, members: { nodes: Array<{ id: string, user: { id: string, name: string, email: string } }> }, projects: { nodes: Array<{ id: string, ref: string, name: string }> } } | null };

export type LoginMutationVariables = Exact<{
  input: LoginInput;
}>;


export type LoginMutation = { login:
    | { __typename: 'EmailNotVerifiedError', code: ErrorCode, message: string }
    | { __typename: 'InvalidCredentialsError', code: ErrorCode, message: string }
    | { __typename: 'LoginSuccess', session: { accessToken: string, accessTokenExpiresAt: string, user: { id: string } } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { register:
    | { __typename: 'EmailNotVerifiedError', code: ErrorCode, message: string }
    | { __typename: 'EmailTakenError', code: ErrorCode, message: string }
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'RegisterSuccess', session: { accessToken: string, accessTokenExpiresAt: string, user: { id: string } } }
    | { __typename: 'RegistrationClosedError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type RequestPasswordResetMutationVariables = Exact<{
  input: RequestPasswordResetInput;
}>;


export type RequestPasswordResetMutation = { requestPasswordReset:
    | { __typename: 'RequestPasswordResetSuccess', ok: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type ResetPasswordMutationVariables = Exact<{
  input: ResetPasswordInput;
}>;


export type ResetPasswordMutation = { resetPassword:
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'ResetPasswordSuccess', ok: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type VerifyEmailMutationVariables = Exact<{
  input: VerifyEmailInput;
}>;


export type VerifyEmailMutation = { verifyEmail:
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'VerifyEmailSuccess', ok: boolean }
   | null };

export type ResendVerificationToMutationVariables = Exact<{
  input: ResendEmailVerificationInput;
}>;


export type ResendVerificationToMutation = { resendEmailVerification:
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'ResendEmailVerificationSuccess', ok: boolean }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   | null };

export type InvitationPreviewQueryVariables = Exact<{
  token: string;
}>;


export type InvitationPreviewQuery = { invitation: { organizationName: string, email: string, role: Role, invitedByName: string | null, expiresAt: string } | null };

export type AcceptInvitationMutationVariables = Exact<{
  input: AcceptInvitationInput;
}>;


export type AcceptInvitationMutation = { acceptInvitation:
    | { __typename: 'AcceptInvitationSuccess', invitation: { id: string, organization: { id: string, slug: string, name: string } } }
    | { __typename: 'AlreadyMemberError', code: ErrorCode, message: string }
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'WrongAccountError', code: ErrorCode, message: string }
   | null };

export type DashboardProjectsQueryVariables = Exact<{
  slug: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type DashboardProjectsQuery = { organization: { id: string, projects: { totalCount: number, pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, ref: string, name: string, createdAt: string, schema: { version: number, appliedAt: string } | null, usage: Array<{ day: string, requests: number, errors: number }> }> } } | null };

export type DashboardProjectFragment = { id: string, ref: string, name: string, createdAt: string, schema: { version: number, appliedAt: string } | null, usage: Array<{ day: string, requests: number, errors: number }> };

export type CreateProjectMutationVariables = Exact<{
  input: CreateProjectInput;
}>;


export type CreateProjectMutation = { createProject:
    | { __typename: 'CreateProjectSuccess', project: { id: string, ref: string, name: string } }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SlugTakenError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type ProjectKeysQueryVariables = Exact<{
  ref: string | number;
  active?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type ProjectKeysQuery = { project: { id: string, apiKeys: { totalCount: number, pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, usage: Array<{ day: string, requests: number, errors: number }>, createdBy: { id: string, name: string } | null }> } } | null };

export type KeyRowFragment = { id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, createdBy: { id: string, name: string } | null };

export type CreateApiKeyMutationVariables = Exact<{
  input: CreateApiKeyInput;
}>;


export type CreateApiKeyMutation = { createApiKey:
    | { __typename: 'CreateApiKeySuccess', secret: string, apiKey: { id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, createdBy: { id: string, name: string } | null } }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type UpdateApiKeyMutationVariables = Exact<{
  input: UpdateApiKeyInput;
}>;


export type UpdateApiKeyMutation = { updateApiKey:
    | { __typename: 'KeyNotActiveError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateApiKeySuccess', apiKey: { id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, createdBy: { id: string, name: string } | null } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type RotateApiKeyMutationVariables = Exact<{
  input: RotateApiKeyInput;
}>;


export type RotateApiKeyMutation = { rotateApiKey:
    | { __typename: 'KeyNotActiveError', code: ErrorCode, message: string }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RotateApiKeySuccess', secret: string, apiKey: { id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, createdBy: { id: string, name: string } | null } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type RevokeApiKeyMutationVariables = Exact<{
  input: RevokeApiKeyInput;
}>;


export type RevokeApiKeyMutation = { revokeApiKey:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeApiKeySuccess', apiKey: { id: string, name: string, kind: ApiKeyKind, publishableKey: string | null, prefix: string, lastFour: string, scopes: Array<string>, createdAt: string, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, rateLimitPerMinute: number | null, replacedById: string | null, createdBy: { id: string, name: string } | null } }
   | null };

export type OrganizationInvitationsQueryVariables = Exact<{
  slug: string;
}>;


export type OrganizationInvitationsQuery = { organization: { id: string, invitations: { nodes: Array<{ id: string, email: string, role: Role, createdAt: string, expiresAt: string, invitedBy: { id: string, name: string } | null }> } } | null };

export type InvitationRowFragment = { id: string, email: string, role: Role, createdAt: string, expiresAt: string, invitedBy: { id: string, name: string } | null };

export type InviteMemberMutationVariables = Exact<{
  input: InviteMemberInput;
}>;


export type InviteMemberMutation = { inviteMember:
    | { __typename: 'AlreadyInvitedError', code: ErrorCode, message: string }
    | { __typename: 'AlreadyMemberError', code: ErrorCode, message: string }
    | { __typename: 'InviteMemberSuccess', invitation: { id: string, email: string } }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type CreateInvitationLinkMutationVariables = Exact<{
  input: CreateInvitationLinkInput;
}>;


export type CreateInvitationLinkMutation = { createInvitationLink:
    | { __typename: 'CreateInvitationLinkSuccess', link: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type RevokeInvitationMutationVariables = Exact<{
  input: RevokeInvitationInput;
}>;


export type RevokeInvitationMutation = { revokeInvitation:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RevokeInvitationSuccess' }
   | null };

export type OrganizationMembersQueryVariables = Exact<{
  slug: string;
  role?: Role | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type OrganizationMembersQuery = { organization: { id: string, members: { totalCount: number, pageInfo: { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null }, nodes: Array<{ id: string, role: Role, joinedAt: string, user: { id: string, name: string, email: string } }> }, owners: { totalCount: number } } | null };

export type MemberRowFragment = { id: string, role: Role, joinedAt: string, user: { id: string, name: string, email: string } };

export type ChangeMemberRoleMutationVariables = Exact<{
  input: ChangeMemberRoleInput;
}>;


export type ChangeMemberRoleMutation = { changeMemberRole:
    | { __typename: 'ChangeMemberRoleSuccess' }
    | { __typename: 'LastOwnerError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type RemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberMutation = { removeMember:
    | { __typename: 'LastOwnerError', code: ErrorCode, message: string }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'RemoveMemberSuccess' }
   | null };

export type LeaveFromMembersMutationVariables = Exact<{
  input: LeaveOrganizationInput;
}>;


export type LeaveFromMembersMutation = { leaveOrganization:
    | { __typename: 'LastOwnerError', code: ErrorCode, message: string }
    | { __typename: 'LeaveOrganizationSuccess' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type ProjectKeyUsageQueryVariables = Exact<{
  ref: string | number;
}>;


export type ProjectKeyUsageQuery = { project: { id: string, apiKeys: { totalCount: number, nodes: Array<{ id: string, lastUsedAt: string | null }> } } | null };

export type ProjectUsageQueryVariables = Exact<{
  ref: string | number;
  days: number;
}>;


export type ProjectUsageQuery = { project: { id: string, usage: Array<{ day: string, requests: number, errors: number }> } | null };

export type ProjectStorageQueryVariables = Exact<{
  ref: string | number;
}>;


export type ProjectStorageQuery = { project: { id: string, storage: { usedBytes: number, quotaBytes: number | null, isFull: boolean, measuredAt: string | null } } | null };

export type ProjectAuditQueryVariables = Exact<{
  slug: string;
  ref: string | number;
}>;


export type ProjectAuditQuery = { organization: { id: string, auditLog: { nodes: Array<{ id: string, at: string, action: string, details: unknown, actor: { kind: AuditActorKind, label: string | null }, target: { kind: string, label: string | null } }> } } | null };

export type ProjectAccessQueryVariables = Exact<{
  ref: string | number;
  sdl: string;
}>;


export type ProjectAccessQuery = { projectAccess:
    | { __typename: 'InvalidSchemaError', code: ErrorCode, message: string, diagnostics: Array<{ code: string, message: string, line: number, column: number, hint: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ProjectAccessSuccess', access: { userModel: string | null, models: Array<{ model: string, line: number, rights: Array<{ operation: AccessOperation, audience: Audience, extent: AccessExtent, decidedBy: Array<AccessOperation>, rules: Array<{ kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string }> }>, rules: Array<{ kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string }>, fields: Array<{ field: string, line: number, rights: Array<{ operation: AccessOperation, audience: Audience, extent: AccessExtent, decidedBy: Array<AccessOperation>, rules: Array<{ kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string }> }>, rules: Array<{ kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string }> }> }> } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type ExplainAccessMutationVariables = Exact<{
  input: ExplainAccessInput;
}>;


export type ExplainAccessMutation = { explainAccess:
    | { __typename: 'ExplainAccessSuccess', explanation: { data: unknown, errors: Array<unknown>, decisions: Array<{ model: string, field: string | null, operation: AccessOperation, rule: string, line: number, held: boolean, rows: number | null }> } }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type EffectiveRightWholeFragment = { operation: AccessOperation, audience: Audience, extent: AccessExtent, decidedBy: Array<AccessOperation>, rules: Array<{ kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string }> };

export type AccessRuleWholeFragment = { kind: AccessRuleKind, operations: Array<AccessOperation>, audience: Audience | null, line: number, sentence: string };

export type SchemaVersionListQueryVariables = Exact<{
  ref: string | number;
  first: number;
  after?: string | null | undefined;
}>;


export type SchemaVersionListQuery = { project: { id: string, schemaVersions: { totalCount: number, pageInfo: { endCursor: string | null, hasNextPage: boolean }, edges: Array<{ cursor: string, node: { id: string, number: number, appliedAt: string, appliedBy: { id: string, kind: SchemaAuthorKind, label: string | null }, plan: { hazards: Array<Hazard>, steps: Array<{ kind: string, target: string }> } } }> } } | null };

export type SchemaVersionNumbersQueryVariables = Exact<{
  ref: string | number;
  after?: string | null | undefined;
}>;


export type SchemaVersionNumbersQuery = { project: { id: string, schemaVersions: { pageInfo: { endCursor: string | null, hasNextPage: boolean }, edges: Array<{ cursor: string, node: { id: string, number: number } }> } } | null };

export type SchemaVersionWholeQueryVariables = Exact<{
  ref: string | number;
  after?: string | null | undefined;
}>;


export type SchemaVersionWholeQuery = { project: { id: string, schemaVersions: { nodes: Array<{ id: string, number: number, sdl: string, appliedAt: string, appliedBy: { id: string, kind: SchemaAuthorKind, label: string | null }, plan: { hash: string, baseVersion: number, hazards: Array<Hazard>, steps: Array<{ kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null }>, suggestions: Array<{ target: string, from: string, directive: string, summary: string }>, notes: Array<{ kind: PlanNoteKind, target: string, summary: string, directive: string | null }> } }> } } | null };

export type PlanSchemaMutationVariables = Exact<{
  input: PlanSchemaInput;
}>;


export type PlanSchemaMutation = { planSchema:
    | { __typename: 'InvalidSchemaError', code: ErrorCode, message: string, diagnostics: Array<{ code: string, message: string, line: number, column: number, hint: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'PlanSchemaSuccess', plan: { hash: string, baseVersion: number, hazards: Array<Hazard>, steps: Array<{ kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null }>, suggestions: Array<{ target: string, from: string, directive: string, summary: string }>, notes: Array<{ kind: PlanNoteKind, target: string, summary: string, directive: string | null }> } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type ApplySchemaMutationVariables = Exact<{
  input: ApplySchemaInput;
}>;


export type ApplySchemaMutation = { applySchema:
    | { __typename: 'ApplySchemaSuccess', schemaVersion: { id: string, number: number } }
    | { __typename: 'HazardNotAcceptedError', code: ErrorCode, message: string, hazards: Array<Hazard>, plan: { hash: string, baseVersion: number, hazards: Array<Hazard>, steps: Array<{ kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null }>, suggestions: Array<{ target: string, from: string, directive: string, summary: string }>, notes: Array<{ kind: PlanNoteKind, target: string, summary: string, directive: string | null }> } }
    | { __typename: 'InvalidSchemaError', code: ErrorCode, message: string, diagnostics: Array<{ code: string, message: string, line: number, column: number, hint: string }> }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SchemaNotAppliedError', code: ErrorCode, message: string, step: { kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null } | null }
    | { __typename: 'StalePlanError', code: ErrorCode, message: string, plan: { hash: string, baseVersion: number, hazards: Array<Hazard>, steps: Array<{ kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null }>, suggestions: Array<{ target: string, from: string, directive: string, summary: string }>, notes: Array<{ kind: PlanNoteKind, target: string, summary: string, directive: string | null }> } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type SchemaPlanWholeFragment = { hash: string, baseVersion: number, hazards: Array<Hazard>, steps: Array<{ kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null }>, suggestions: Array<{ target: string, from: string, directive: string, summary: string }>, notes: Array<{ kind: PlanNoteKind, target: string, summary: string, directive: string | null }> };

export type PlanStepWholeFragment = { kind: string, target: string, summary: string, sql: string, hazard: Hazard, affectedRows: number | null, certain: boolean, publicRows: { before: { rows: number, isExact: boolean } | null, after: { rows: number, isExact: boolean } | null } | null };

export type ProjectAccessSettingsQueryVariables = Exact<{
  ref: string | number;
}>;


export type ProjectAccessSettingsQuery = { project: { id: string, accessSettingsVersion: string, allowedOrigins: Array<string>, trustedIssuers: Array<{ issuer: string, audience: string, jwksUrl: string | null, algorithms: Array<IssuerAlgorithm>, userClaim: string, userField: string, claims: Array<{ name: string, path: string }> }> } | null };

export type AccessSettingsFragment = { accessSettingsVersion: string, allowedOrigins: Array<string>, trustedIssuers: Array<{ issuer: string, audience: string, jwksUrl: string | null, algorithms: Array<IssuerAlgorithm>, userClaim: string, userField: string, claims: Array<{ name: string, path: string }> }> };

export type TrustedIssuerWholeFragment = { issuer: string, audience: string, jwksUrl: string | null, algorithms: Array<IssuerAlgorithm>, userClaim: string, userField: string, claims: Array<{ name: string, path: string }> };

export type UpdateProjectSettingsMutationVariables = Exact<{
  input: UpdateProjectSettingsInput;
}>;


export type UpdateProjectSettingsMutation = { updateProjectSettings:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'UpdateProjectSettingsSuccess', project: { id: string, accessSettingsVersion: string, allowedOrigins: Array<string>, trustedIssuers: Array<{ issuer: string, audience: string, jwksUrl: string | null, algorithms: Array<IssuerAlgorithm>, userClaim: string, userField: string, claims: Array<{ name: string, path: string }> }> } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type SetTrustedIssuersMutationVariables = Exact<{
  input: SetTrustedIssuersInput;
}>;


export type SetTrustedIssuersMutation = { setTrustedIssuers:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SetTrustedIssuersSuccess', project: { id: string, accessSettingsVersion: string, allowedOrigins: Array<string>, trustedIssuers: Array<{ issuer: string, audience: string, jwksUrl: string | null, algorithms: Array<IssuerAlgorithm>, userClaim: string, userField: string, claims: Array<{ name: string, path: string }> }> } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type UpdateOrganizationMutationVariables = Exact<{
  input: UpdateOrganizationInput;
}>;


export type UpdateOrganizationMutation = { updateOrganization:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SlugTakenError', code: ErrorCode, message: string }
    | { __typename: 'UpdateOrganizationSuccess', organization: { id: string, slug: string, name: string } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type LeaveOrganizationMutationVariables = Exact<{
  input: LeaveOrganizationInput;
}>;


export type LeaveOrganizationMutation = { leaveOrganization:
    | { __typename: 'LastOwnerError', code: ErrorCode, message: string }
    | { __typename: 'LeaveOrganizationSuccess' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type DeleteOrganizationMutationVariables = Exact<{
  input: DeleteOrganizationInput;
}>;


export type DeleteOrganizationMutation = { deleteOrganization:
    | { __typename: 'ConfirmationMismatchError', code: ErrorCode, message: string }
    | { __typename: 'DeleteOrganizationSuccess' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type UpdateProjectMutationVariables = Exact<{
  input: UpdateProjectInput;
}>;


export type UpdateProjectMutation = { updateProject:
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
    | { __typename: 'SlugTakenError', code: ErrorCode, message: string }
    | { __typename: 'UpdateProjectSuccess', project: { id: string, slug: string, name: string } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type DeleteProjectMutationVariables = Exact<{
  input: DeleteProjectInput;
}>;


export type DeleteProjectMutation = { deleteProject:
    | { __typename: 'ConfirmationMismatchError', code: ErrorCode, message: string }
    | { __typename: 'DeleteProjectSuccess' }
    | { __typename: 'NotFoundError', code: ErrorCode, message: string }
   | null };

export type ShellProjectsQueryVariables = Exact<{
  slug: string;
}>;


export type ShellProjectsQuery = { organization: { id: string, projects: { totalCount: number, nodes: Array<{ id: string, ref: string, name: string }> } } | null };

export type CreateOrganizationMutationVariables = Exact<{
  input: CreateOrganizationInput;
}>;


export type CreateOrganizationMutation = { createOrganization:
    | { __typename: 'CreateOrganizationSuccess', organization: { id: string, slug: string, name: string } }
    | { __typename: 'LimitReachedError', code: ErrorCode, message: string }
    | { __typename: 'SlugTakenError', code: ErrorCode, message: string }
    | { __typename: 'ValidationError', code: ErrorCode, message: string, issues: Array<{ path: Array<string>, message: string }> }
   | null };

export type PageEndsFragment = { hasPreviousPage: boolean, hasNextPage: boolean, startCursor: string | null, endCursor: string | null };

export type LogoutMutationVariables = Exact<{ [key: string]: never; }>;


export type LogoutMutation = { logout:
    | { __typename: 'InvalidTokenError', code: ErrorCode, message: string }
    | { __typename: 'LogoutSuccess', ok: boolean }
   | null };

export type RefreshSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type RefreshSessionMutation = { refreshSession:
    | { __typename: 'InvalidTokenError', sessionEnd: SessionEnd | null, code: ErrorCode, message: string }
    | { __typename: 'RefreshSessionSuccess', session: { accessToken: string, accessTokenExpiresAt: string, user: { id: string } } }
    | { __typename: 'ValidationError', code: ErrorCode, message: string }
   | null };

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
export const ReceivedInvitationFragmentDoc = new TypedDocumentString(`
    fragment ReceivedInvitation on ReceivedInvitation {
  id
  organizationName
  role
  invitedByName
  expiresAt
}
    `, {"fragmentName":"ReceivedInvitation"}) as unknown as TypedDocumentString<ReceivedInvitationFragment, unknown>;
export const AuditRowFragmentDoc = new TypedDocumentString(`
    fragment AuditRow on AuditEntry {
  id
  at
  actor {
    kind
    id
    label
  }
  action
  target {
    kind
    id
    label
  }
  ipAddress
  details
}
    `, {"fragmentName":"AuditRow"}) as unknown as TypedDocumentString<AuditRowFragment, unknown>;
export const DashboardProjectFragmentDoc = new TypedDocumentString(`
    fragment DashboardProject on Project {
  id
  ref
  name
  createdAt
  schema {
    version
    appliedAt
  }
  usage(days: 7) {
    day
    requests
    errors
  }
}
    `, {"fragmentName":"DashboardProject"}) as unknown as TypedDocumentString<DashboardProjectFragment, unknown>;
export const KeyRowFragmentDoc = new TypedDocumentString(`
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}
    `, {"fragmentName":"KeyRow"}) as unknown as TypedDocumentString<KeyRowFragment, unknown>;
export const InvitationRowFragmentDoc = new TypedDocumentString(`
    fragment InvitationRow on Invitation {
  id
  email
  role
  createdAt
  expiresAt
  invitedBy {
    id
    name
  }
}
    `, {"fragmentName":"InvitationRow"}) as unknown as TypedDocumentString<InvitationRowFragment, unknown>;
export const MemberRowFragmentDoc = new TypedDocumentString(`
    fragment MemberRow on Member {
  id
  role
  joinedAt
  user {
    id
    name
    email
  }
}
    `, {"fragmentName":"MemberRow"}) as unknown as TypedDocumentString<MemberRowFragment, unknown>;
export const AccessRuleWholeFragmentDoc = new TypedDocumentString(`
    fragment AccessRuleWhole on AccessRule {
  kind
  operations
  audience
  line
  sentence
}
    `, {"fragmentName":"AccessRuleWhole"}) as unknown as TypedDocumentString<AccessRuleWholeFragment, unknown>;
export const EffectiveRightWholeFragmentDoc = new TypedDocumentString(`
    fragment EffectiveRightWhole on EffectiveRight {
  operation
  audience
  extent
  decidedBy
  rules {
    ...AccessRuleWhole
  }
}
    fragment AccessRuleWhole on AccessRule {
  kind
  operations
  audience
  line
  sentence
}`, {"fragmentName":"EffectiveRightWhole"}) as unknown as TypedDocumentString<EffectiveRightWholeFragment, unknown>;
export const PlanStepWholeFragmentDoc = new TypedDocumentString(`
    fragment PlanStepWhole on PlanStep {
  kind
  target
  summary
  sql
  hazard
  affectedRows
  certain
  publicRows {
    before {
      rows
      isExact
    }
    after {
      rows
      isExact
    }
  }
}
    `, {"fragmentName":"PlanStepWhole"}) as unknown as TypedDocumentString<PlanStepWholeFragment, unknown>;
export const SchemaPlanWholeFragmentDoc = new TypedDocumentString(`
    fragment SchemaPlanWhole on SchemaPlan {
  hash
  baseVersion
  hazards
  steps {
    ...PlanStepWhole
  }
  suggestions {
    target
    from
    directive
    summary
  }
  notes {
    kind
    target
    summary
    directive
  }
}
    fragment PlanStepWhole on PlanStep {
  kind
  target
  summary
  sql
  hazard
  affectedRows
  certain
  publicRows {
    before {
      rows
      isExact
    }
    after {
      rows
      isExact
    }
  }
}`, {"fragmentName":"SchemaPlanWhole"}) as unknown as TypedDocumentString<SchemaPlanWholeFragment, unknown>;
export const TrustedIssuerWholeFragmentDoc = new TypedDocumentString(`
    fragment TrustedIssuerWhole on TrustedIssuer {
  issuer
  audience
  jwksUrl
  algorithms
  userClaim
  userField
  claims {
    name
    path
  }
}
    `, {"fragmentName":"TrustedIssuerWhole"}) as unknown as TypedDocumentString<TrustedIssuerWholeFragment, unknown>;
export const AccessSettingsFragmentDoc = new TypedDocumentString(`
    fragment AccessSettings on Project {
  accessSettingsVersion
  allowedOrigins
  trustedIssuers {
    ...TrustedIssuerWhole
  }
}
    fragment TrustedIssuerWhole on TrustedIssuer {
  issuer
  audience
  jwksUrl
  algorithms
  userClaim
  userField
  claims {
    name
    path
  }
}`, {"fragmentName":"AccessSettings"}) as unknown as TypedDocumentString<AccessSettingsFragment, unknown>;
export const PageEndsFragmentDoc = new TypedDocumentString(`
    fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}
    `, {"fragmentName":"PageEnds"}) as unknown as TypedDocumentString<PageEndsFragment, unknown>;
export const AcceptReceivedInvitationDocument = new TypedDocumentString(`
    mutation AcceptReceivedInvitation($input: AcceptReceivedInvitationInput!) {
  acceptReceivedInvitation(input: $input) {
    __typename
    ... on AcceptReceivedInvitationSuccess {
      invitation {
        id
        organization {
          id
          slug
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AcceptReceivedInvitationMutation, AcceptReceivedInvitationMutationVariables>;
export const DeclineInvitationDocument = new TypedDocumentString(`
    mutation DeclineInvitation($input: DeclineInvitationInput!) {
  declineInvitation(input: $input) {
    __typename
    ... on DeclineInvitationSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeclineInvitationMutation, DeclineInvitationMutationVariables>;
export const AccountPolicyDocument = new TypedDocumentString(`
    query AccountPolicy {
  accountPolicy {
    registration
    emailVerification
  }
}
    `) as unknown as TypedDocumentString<AccountPolicyQuery, AccountPolicyQueryVariables>;
export const CurrentOrganizationDocument = new TypedDocumentString(`
    query CurrentOrganization($slug: String!) {
  organization(slug: $slug) {
    id
    slug
    name
    createdAt
    viewerRole
    viewerCan
  }
}
    `) as unknown as TypedDocumentString<CurrentOrganizationQuery, CurrentOrganizationQueryVariables>;
export const ProjectSchemaDocument = new TypedDocumentString(`
    query ProjectSchema($ref: ID!) {
  project(ref: $ref) {
    id
    schema {
      sdl
      version
      appliedAt
      appliedBy {
        id
        kind
        label
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectSchemaQuery, ProjectSchemaQueryVariables>;
export const CurrentProjectDocument = new TypedDocumentString(`
    query CurrentProject($ref: ID!) {
  project(ref: $ref) {
    id
    ref
    name
    slug
    createdAt
    endpoint
    viewerCan
    organization {
      id
      slug
      name
      viewerRole
      viewerCan
    }
    schema {
      version
      appliedAt
    }
  }
}
    `) as unknown as TypedDocumentString<CurrentProjectQuery, CurrentProjectQueryVariables>;
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
    receivedInvitations(first: 20) {
      nodes {
        ...ReceivedInvitation
      }
    }
  }
}
    fragment ReceivedInvitation on ReceivedInvitation {
  id
  organizationName
  role
  invitedByName
  expiresAt
}`) as unknown as TypedDocumentString<ViewerQuery, ViewerQueryVariables>;
export const ViewerSessionsDocument = new TypedDocumentString(`
    query ViewerSessions {
  viewer {
    id
    sessions(first: 100) {
      nodes {
        id
        createdAt
        lastUsedAt
        ipAddress
        userAgent
        current
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ViewerSessionsQuery, ViewerSessionsQueryVariables>;
export const AccountLogDocument = new TypedDocumentString(`
    query AccountLog($first: Int, $after: String, $last: Int, $before: String) {
  viewer {
    id
    auditLog(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        ...PageEnds
      }
      nodes {
        id
        at
        action
        ipAddress
        details
      }
    }
  }
}
    fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}`) as unknown as TypedDocumentString<AccountLogQuery, AccountLogQueryVariables>;
export const UpdateProfileDocument = new TypedDocumentString(`
    mutation UpdateProfile($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    __typename
    ... on UpdateProfileSuccess {
      user {
        id
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateProfileMutation, UpdateProfileMutationVariables>;
export const ResendEmailVerificationDocument = new TypedDocumentString(`
    mutation ResendEmailVerification {
  resendEmailVerification {
    __typename
    ... on ResendEmailVerificationSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ResendEmailVerificationMutation, ResendEmailVerificationMutationVariables>;
export const ChangePasswordDocument = new TypedDocumentString(`
    mutation ChangePassword($input: ChangePasswordInput!) {
  changePassword(input: $input) {
    __typename
    ... on ChangePasswordSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ChangePasswordMutation, ChangePasswordMutationVariables>;
export const RevokeSessionDocument = new TypedDocumentString(`
    mutation RevokeSession($input: RevokeSessionInput!) {
  revokeSession(input: $input) {
    __typename
    ... on RevokeSessionSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeSessionMutation, RevokeSessionMutationVariables>;
export const RevokeOtherSessionsDocument = new TypedDocumentString(`
    mutation RevokeOtherSessions {
  revokeOtherSessions {
    __typename
    ... on RevokeOtherSessionsSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeOtherSessionsMutation, RevokeOtherSessionsMutationVariables>;
export const AuditLogDocument = new TypedDocumentString(`
    query AuditLog($slug: String!, $filter: AuditLogFilter, $first: Int, $after: String, $last: Int, $before: String) {
  organization(slug: $slug) {
    id
    auditLog(
      filter: $filter
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      totalCount
      pageInfo {
        ...PageEnds
      }
      nodes {
        ...AuditRow
      }
    }
  }
}
    fragment AuditRow on AuditEntry {
  id
  at
  actor {
    kind
    id
    label
  }
  action
  target {
    kind
    id
    label
  }
  ipAddress
  details
}
fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}`) as unknown as TypedDocumentString<AuditLogQuery, AuditLogQueryVariables>;
export const AuditChoicesDocument = new TypedDocumentString(`
    query AuditChoices($slug: String!) {
  organization(slug: $slug) {
    id
    members(first: 100) {
      nodes {
        id
        user {
          id
          name
          email
        }
      }
    }
    projects(first: 100) {
      nodes {
        id
        ref
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AuditChoicesQuery, AuditChoicesQueryVariables>;
export const LoginDocument = new TypedDocumentString(`
    mutation Login($input: LoginInput!) {
  login(input: $input) {
    __typename
    ... on LoginSuccess {
      session {
        accessToken
        accessTokenExpiresAt
        user {
          id
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<LoginMutation, LoginMutationVariables>;
export const RegisterDocument = new TypedDocumentString(`
    mutation Register($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on RegisterSuccess {
      session {
        accessToken
        accessTokenExpiresAt
        user {
          id
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RegisterMutation, RegisterMutationVariables>;
export const RequestPasswordResetDocument = new TypedDocumentString(`
    mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) {
    __typename
    ... on RequestPasswordResetSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const ResetPasswordDocument = new TypedDocumentString(`
    mutation ResetPassword($input: ResetPasswordInput!) {
  resetPassword(input: $input) {
    __typename
    ... on ResetPasswordSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ResetPasswordMutation, ResetPasswordMutationVariables>;
export const VerifyEmailDocument = new TypedDocumentString(`
    mutation VerifyEmail($input: VerifyEmailInput!) {
  verifyEmail(input: $input) {
    __typename
    ... on VerifyEmailSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<VerifyEmailMutation, VerifyEmailMutationVariables>;
export const ResendVerificationToDocument = new TypedDocumentString(`
    mutation ResendVerificationTo($input: ResendEmailVerificationInput!) {
  resendEmailVerification(input: $input) {
    __typename
    ... on ResendEmailVerificationSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ResendVerificationToMutation, ResendVerificationToMutationVariables>;
export const InvitationPreviewDocument = new TypedDocumentString(`
    query InvitationPreview($token: String!) {
  invitation(token: $token) {
    organizationName
    email
    role
    invitedByName
    expiresAt
  }
}
    `) as unknown as TypedDocumentString<InvitationPreviewQuery, InvitationPreviewQueryVariables>;
export const AcceptInvitationDocument = new TypedDocumentString(`
    mutation AcceptInvitation($input: AcceptInvitationInput!) {
  acceptInvitation(input: $input) {
    __typename
    ... on AcceptInvitationSuccess {
      invitation {
        id
        organization {
          id
          slug
          name
        }
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<AcceptInvitationMutation, AcceptInvitationMutationVariables>;
export const DashboardProjectsDocument = new TypedDocumentString(`
    query DashboardProjects($slug: String!, $first: Int, $after: String, $last: Int, $before: String) {
  organization(slug: $slug) {
    id
    projects(first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        ...PageEnds
      }
      nodes {
        ...DashboardProject
      }
    }
  }
}
    fragment DashboardProject on Project {
  id
  ref
  name
  createdAt
  schema {
    version
    appliedAt
  }
  usage(days: 7) {
    day
    requests
    errors
  }
}
fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}`) as unknown as TypedDocumentString<DashboardProjectsQuery, DashboardProjectsQueryVariables>;
export const CreateProjectDocument = new TypedDocumentString(`
    mutation CreateProject($input: CreateProjectInput!) {
  createProject(input: $input) {
    __typename
    ... on CreateProjectSuccess {
      project {
        id
        ref
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateProjectMutation, CreateProjectMutationVariables>;
export const ProjectKeysDocument = new TypedDocumentString(`
    query ProjectKeys($ref: ID!, $active: Boolean, $first: Int, $after: String, $last: Int, $before: String) {
  project(ref: $ref) {
    id
    apiKeys(
      active: $active
      first: $first
      after: $after
      last: $last
      before: $before
    ) {
      totalCount
      pageInfo {
        ...PageEnds
      }
      nodes {
        ...KeyRow
        usage(days: 7) {
          day
          requests
          errors
        }
      }
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}
fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}`) as unknown as TypedDocumentString<ProjectKeysQuery, ProjectKeysQueryVariables>;
export const CreateApiKeyDocument = new TypedDocumentString(`
    mutation CreateApiKey($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeySuccess {
      secret
      apiKey {
        ...KeyRow
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}`) as unknown as TypedDocumentString<CreateApiKeyMutation, CreateApiKeyMutationVariables>;
export const UpdateApiKeyDocument = new TypedDocumentString(`
    mutation UpdateApiKey($input: UpdateApiKeyInput!) {
  updateApiKey(input: $input) {
    __typename
    ... on UpdateApiKeySuccess {
      apiKey {
        ...KeyRow
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}`) as unknown as TypedDocumentString<UpdateApiKeyMutation, UpdateApiKeyMutationVariables>;
export const RotateApiKeyDocument = new TypedDocumentString(`
    mutation RotateApiKey($input: RotateApiKeyInput!) {
  rotateApiKey(input: $input) {
    __typename
    ... on RotateApiKeySuccess {
      secret
      apiKey {
        ...KeyRow
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}`) as unknown as TypedDocumentString<RotateApiKeyMutation, RotateApiKeyMutationVariables>;
export const RevokeApiKeyDocument = new TypedDocumentString(`
    mutation RevokeApiKey($input: RevokeApiKeyInput!) {
  revokeApiKey(input: $input) {
    __typename
    ... on RevokeApiKeySuccess {
      apiKey {
        ...KeyRow
      }
    }
    ... on Error {
      code
      message
    }
  }
}
    fragment KeyRow on ApiKey {
  id
  name
  kind
  publishableKey
  prefix
  lastFour
  scopes
  createdAt
  createdBy {
    id
    name
  }
  expiresAt
  lastUsedAt
  revokedAt
  rateLimitPerMinute
  replacedById
}`) as unknown as TypedDocumentString<RevokeApiKeyMutation, RevokeApiKeyMutationVariables>;
export const OrganizationInvitationsDocument = new TypedDocumentString(`
    query OrganizationInvitations($slug: String!) {
  organization(slug: $slug) {
    id
    invitations(status: OPEN, first: 100) {
      nodes {
        ...InvitationRow
      }
    }
  }
}
    fragment InvitationRow on Invitation {
  id
  email
  role
  createdAt
  expiresAt
  invitedBy {
    id
    name
  }
}`) as unknown as TypedDocumentString<OrganizationInvitationsQuery, OrganizationInvitationsQueryVariables>;
export const InviteMemberDocument = new TypedDocumentString(`
    mutation InviteMember($input: InviteMemberInput!) {
  inviteMember(input: $input) {
    __typename
    ... on InviteMemberSuccess {
      invitation {
        id
        email
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<InviteMemberMutation, InviteMemberMutationVariables>;
export const CreateInvitationLinkDocument = new TypedDocumentString(`
    mutation CreateInvitationLink($input: CreateInvitationLinkInput!) {
  createInvitationLink(input: $input) {
    __typename
    ... on CreateInvitationLinkSuccess {
      link
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CreateInvitationLinkMutation, CreateInvitationLinkMutationVariables>;
export const RevokeInvitationDocument = new TypedDocumentString(`
    mutation RevokeInvitation($input: RevokeInvitationInput!) {
  revokeInvitation(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RevokeInvitationMutation, RevokeInvitationMutationVariables>;
export const OrganizationMembersDocument = new TypedDocumentString(`
    query OrganizationMembers($slug: String!, $role: Role, $first: Int, $after: String, $last: Int, $before: String) {
  organization(slug: $slug) {
    id
    members(role: $role, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo {
        ...PageEnds
      }
      nodes {
        ...MemberRow
      }
    }
    owners: members(role: OWNER, first: 1) {
      totalCount
    }
  }
}
    fragment MemberRow on Member {
  id
  role
  joinedAt
  user {
    id
    name
    email
  }
}
fragment PageEnds on PageInfo {
  hasPreviousPage
  hasNextPage
  startCursor
  endCursor
}`) as unknown as TypedDocumentString<OrganizationMembersQuery, OrganizationMembersQueryVariables>;
export const ChangeMemberRoleDocument = new TypedDocumentString(`
    mutation ChangeMemberRole($input: ChangeMemberRoleInput!) {
  changeMemberRole(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ChangeMemberRoleMutation, ChangeMemberRoleMutationVariables>;
export const RemoveMemberDocument = new TypedDocumentString(`
    mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables>;
export const LeaveFromMembersDocument = new TypedDocumentString(`
    mutation LeaveFromMembers($input: LeaveOrganizationInput!) {
  leaveOrganization(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LeaveFromMembersMutation, LeaveFromMembersMutationVariables>;
export const ProjectKeyUsageDocument = new TypedDocumentString(`
    query ProjectKeyUsage($ref: ID!) {
  project(ref: $ref) {
    id
    apiKeys(first: 20, active: true) {
      totalCount
      nodes {
        id
        lastUsedAt
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectKeyUsageQuery, ProjectKeyUsageQueryVariables>;
export const ProjectUsageDocument = new TypedDocumentString(`
    query ProjectUsage($ref: ID!, $days: Int!) {
  project(ref: $ref) {
    id
    usage(days: $days) {
      day
      requests
      errors
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectUsageQuery, ProjectUsageQueryVariables>;
export const ProjectStorageDocument = new TypedDocumentString(`
    query ProjectStorage($ref: ID!) {
  project(ref: $ref) {
    id
    storage {
      usedBytes
      quotaBytes
      isFull
      measuredAt
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectStorageQuery, ProjectStorageQueryVariables>;
export const ProjectAuditDocument = new TypedDocumentString(`
    query ProjectAudit($slug: String!, $ref: ID!) {
  organization(slug: $slug) {
    id
    auditLog(first: 5, filter: {projectRef: $ref}) {
      nodes {
        id
        at
        action
        details
        actor {
          kind
          label
        }
        target {
          kind
          label
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ProjectAuditQuery, ProjectAuditQueryVariables>;
export const ProjectAccessDocument = new TypedDocumentString(`
    query ProjectAccess($ref: ID!, $sdl: String!) {
  projectAccess(projectRef: $ref, sdl: $sdl) {
    __typename
    ... on ProjectAccessSuccess {
      access {
        userModel
        models {
          model
          line
          rights {
            ...EffectiveRightWhole
          }
          rules {
            ...AccessRuleWhole
          }
          fields {
            field
            line
            rights {
              ...EffectiveRightWhole
            }
            rules {
              ...AccessRuleWhole
            }
          }
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
    ... on InvalidSchemaError {
      diagnostics {
        code
        message
        line
        column
        hint
      }
    }
  }
}
    fragment EffectiveRightWhole on EffectiveRight {
  operation
  audience
  extent
  decidedBy
  rules {
    ...AccessRuleWhole
  }
}
fragment AccessRuleWhole on AccessRule {
  kind
  operations
  audience
  line
  sentence
}`) as unknown as TypedDocumentString<ProjectAccessQuery, ProjectAccessQueryVariables>;
export const ExplainAccessDocument = new TypedDocumentString(`
    mutation ExplainAccess($input: ExplainAccessInput!) {
  explainAccess(input: $input) {
    __typename
    ... on ExplainAccessSuccess {
      explanation {
        data
        errors
        decisions {
          model
          field
          operation
          rule
          line
          held
          rows
        }
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ExplainAccessMutation, ExplainAccessMutationVariables>;
export const SchemaVersionListDocument = new TypedDocumentString(`
    query SchemaVersionList($ref: ID!, $first: Int!, $after: String) {
  project(ref: $ref) {
    id
    schemaVersions(first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
        hasNextPage
      }
      edges {
        cursor
        node {
          id
          number
          appliedAt
          appliedBy {
            id
            kind
            label
          }
          plan {
            hazards
            steps {
              kind
              target
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SchemaVersionListQuery, SchemaVersionListQueryVariables>;
export const SchemaVersionNumbersDocument = new TypedDocumentString(`
    query SchemaVersionNumbers($ref: ID!, $after: String) {
  project(ref: $ref) {
    id
    schemaVersions(first: 100, after: $after) {
      pageInfo {
        endCursor
        hasNextPage
      }
      edges {
        cursor
        node {
          id
          number
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SchemaVersionNumbersQuery, SchemaVersionNumbersQueryVariables>;
export const SchemaVersionWholeDocument = new TypedDocumentString(`
    query SchemaVersionWhole($ref: ID!, $after: String) {
  project(ref: $ref) {
    id
    schemaVersions(first: 1, after: $after) {
      nodes {
        id
        number
        sdl
        appliedAt
        appliedBy {
          id
          kind
          label
        }
        plan {
          ...SchemaPlanWhole
        }
      }
    }
  }
}
    fragment SchemaPlanWhole on SchemaPlan {
  hash
  baseVersion
  hazards
  steps {
    ...PlanStepWhole
  }
  suggestions {
    target
    from
    directive
    summary
  }
  notes {
    kind
    target
    summary
    directive
  }
}
fragment PlanStepWhole on PlanStep {
  kind
  target
  summary
  sql
  hazard
  affectedRows
  certain
  publicRows {
    before {
      rows
      isExact
    }
    after {
      rows
      isExact
    }
  }
}`) as unknown as TypedDocumentString<SchemaVersionWholeQuery, SchemaVersionWholeQueryVariables>;
export const PlanSchemaDocument = new TypedDocumentString(`
    mutation PlanSchema($input: PlanSchemaInput!) {
  planSchema(input: $input) {
    __typename
    ... on PlanSchemaSuccess {
      plan {
        ...SchemaPlanWhole
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
    ... on InvalidSchemaError {
      diagnostics {
        code
        message
        line
        column
        hint
      }
    }
  }
}
    fragment SchemaPlanWhole on SchemaPlan {
  hash
  baseVersion
  hazards
  steps {
    ...PlanStepWhole
  }
  suggestions {
    target
    from
    directive
    summary
  }
  notes {
    kind
    target
    summary
    directive
  }
}
fragment PlanStepWhole on PlanStep {
  kind
  target
  summary
  sql
  hazard
  affectedRows
  certain
  publicRows {
    before {
      rows
      isExact
    }
    after {
      rows
      isExact
    }
  }
}`) as unknown as TypedDocumentString<PlanSchemaMutation, PlanSchemaMutationVariables>;
export const ApplySchemaDocument = new TypedDocumentString(`
    mutation ApplySchema($input: ApplySchemaInput!) {
  applySchema(input: $input) {
    __typename
    ... on ApplySchemaSuccess {
      schemaVersion {
        id
        number
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
    ... on InvalidSchemaError {
      diagnostics {
        code
        message
        line
        column
        hint
      }
    }
    ... on StalePlanError {
      plan {
        ...SchemaPlanWhole
      }
    }
    ... on HazardNotAcceptedError {
      hazards
      plan {
        ...SchemaPlanWhole
      }
    }
    ... on SchemaNotAppliedError {
      step {
        ...PlanStepWhole
      }
    }
  }
}
    fragment SchemaPlanWhole on SchemaPlan {
  hash
  baseVersion
  hazards
  steps {
    ...PlanStepWhole
  }
  suggestions {
    target
    from
    directive
    summary
  }
  notes {
    kind
    target
    summary
    directive
  }
}
fragment PlanStepWhole on PlanStep {
  kind
  target
  summary
  sql
  hazard
  affectedRows
  certain
  publicRows {
    before {
      rows
      isExact
    }
    after {
      rows
      isExact
    }
  }
}`) as unknown as TypedDocumentString<ApplySchemaMutation, ApplySchemaMutationVariables>;
export const ProjectAccessSettingsDocument = new TypedDocumentString(`
    query ProjectAccessSettings($ref: ID!) {
  project(ref: $ref) {
    id
    ...AccessSettings
  }
}
    fragment AccessSettings on Project {
  accessSettingsVersion
  allowedOrigins
  trustedIssuers {
    ...TrustedIssuerWhole
  }
}
fragment TrustedIssuerWhole on TrustedIssuer {
  issuer
  audience
  jwksUrl
  algorithms
  userClaim
  userField
  claims {
    name
    path
  }
}`) as unknown as TypedDocumentString<ProjectAccessSettingsQuery, ProjectAccessSettingsQueryVariables>;
export const UpdateProjectSettingsDocument = new TypedDocumentString(`
    mutation UpdateProjectSettings($input: UpdateProjectSettingsInput!) {
  updateProjectSettings(input: $input) {
    __typename
    ... on UpdateProjectSettingsSuccess {
      project {
        id
        ...AccessSettings
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    fragment AccessSettings on Project {
  accessSettingsVersion
  allowedOrigins
  trustedIssuers {
    ...TrustedIssuerWhole
  }
}
fragment TrustedIssuerWhole on TrustedIssuer {
  issuer
  audience
  jwksUrl
  algorithms
  userClaim
  userField
  claims {
    name
    path
  }
}`) as unknown as TypedDocumentString<UpdateProjectSettingsMutation, UpdateProjectSettingsMutationVariables>;
export const SetTrustedIssuersDocument = new TypedDocumentString(`
    mutation SetTrustedIssuers($input: SetTrustedIssuersInput!) {
  setTrustedIssuers(input: $input) {
    __typename
    ... on SetTrustedIssuersSuccess {
      project {
        id
        ...AccessSettings
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    fragment AccessSettings on Project {
  accessSettingsVersion
  allowedOrigins
  trustedIssuers {
    ...TrustedIssuerWhole
  }
}
fragment TrustedIssuerWhole on TrustedIssuer {
  issuer
  audience
  jwksUrl
  algorithms
  userClaim
  userField
  claims {
    name
    path
  }
}`) as unknown as TypedDocumentString<SetTrustedIssuersMutation, SetTrustedIssuersMutationVariables>;
export const UpdateOrganizationDocument = new TypedDocumentString(`
    mutation UpdateOrganization($input: UpdateOrganizationInput!) {
  updateOrganization(input: $input) {
    __typename
    ... on UpdateOrganizationSuccess {
      organization {
        id
        slug
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateOrganizationMutation, UpdateOrganizationMutationVariables>;
export const LeaveOrganizationDocument = new TypedDocumentString(`
    mutation LeaveOrganization($input: LeaveOrganizationInput!) {
  leaveOrganization(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LeaveOrganizationMutation, LeaveOrganizationMutationVariables>;
export const DeleteOrganizationDocument = new TypedDocumentString(`
    mutation DeleteOrganization($input: DeleteOrganizationInput!) {
  deleteOrganization(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteOrganizationMutation, DeleteOrganizationMutationVariables>;
export const UpdateProjectDocument = new TypedDocumentString(`
    mutation UpdateProject($input: UpdateProjectInput!) {
  updateProject(input: $input) {
    __typename
    ... on UpdateProjectSuccess {
      project {
        id
        slug
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateProjectMutation, UpdateProjectMutationVariables>;
export const DeleteProjectDocument = new TypedDocumentString(`
    mutation DeleteProject($input: DeleteProjectInput!) {
  deleteProject(input: $input) {
    __typename
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteProjectMutation, DeleteProjectMutationVariables>;
export const ShellProjectsDocument = new TypedDocumentString(`
    query ShellProjects($slug: String!) {
  organization(slug: $slug) {
    id
    projects(first: 100) {
      totalCount
      nodes {
        id
        ref
        name
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ShellProjectsQuery, ShellProjectsQueryVariables>;
export const CreateOrganizationDocument = new TypedDocumentString(`
    mutation CreateOrganization($input: CreateOrganizationInput!) {
  createOrganization(input: $input) {
    __typename
    ... on CreateOrganizationSuccess {
      organization {
        id
        slug
        name
      }
    }
    ... on Error {
      code
      message
    }
    ... on ValidationError {
      issues {
        path
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CreateOrganizationMutation, CreateOrganizationMutationVariables>;
export const LogoutDocument = new TypedDocumentString(`
    mutation Logout {
  logout {
    __typename
    ... on LogoutSuccess {
      ok
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<LogoutMutation, LogoutMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession {
  refreshSession(input: {}) {
    __typename
    ... on RefreshSessionSuccess {
      session {
        accessToken
        accessTokenExpiresAt
        user {
          id
        }
      }
    }
    ... on InvalidTokenError {
      sessionEnd
    }
    ... on Error {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;