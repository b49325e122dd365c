import type pg from 'pg';
import type { Services } from './graphql/context.ts';
import type { AccessExplainer } from '../data-plane/explain/access-explainer.ts';
import type { RightsReader, SchemaPlanner, UserSchemas } from '../data-plane/schema.ts';
import type { ResourceLimits } from './limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { AccountPolicy } from './account-policy.ts';
import type { AccessTokens } from './sessions/access-tokens.ts';
import type { PasswordHasher } from '../platform/crypto/password-hasher.ts';
import type { Db, Tx } from '../platform/db/database.ts';
import type { PubSub } from '../platform/pubsub/pubsub.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import type { FieldLimits } from './graphql/field-limits.ts';
import { createApiKeysService } from './api-keys/api-keys.service.ts';
import { createAuditService } from './audit/audit.service.ts';
import { createExplanationsService } from './explanations/explanations.service.ts';
import { createInvitationsService } from './invitations/invitations.service.ts';
import { createMembersService } from './members/members.service.ts';
import { createOrganizationsService } from './organizations/organizations.service.ts';
import { createProjectsService, type SchemaRemoval } from './projects/projects.service.ts';
import { createProjectSettingsService } from './project-settings/project-settings.service.ts';
import { createSchemasService } from './schemas/schemas.service.ts';
import { createRefreshCookie } from './sessions/refresh-cookie.ts';
import { createSessionsService } from './sessions/sessions.service.ts';
import type { UserMails } from './users/user-mails.ts';
import { createStorageService } from './storage/storage.service.ts';
import { createUsageService } from './usage/usage.service.ts';
import { createUsersService } from './users/users.service.ts';

export interface ManagementDependencies {
  readonly db: Db;
  /** Has its own small pool, because migrations can take minutes. */
  readonly schemaDb: Db;
  /** The same connections as `schemaDb`. */
  readonly schemaPool: pg.Pool;
  readonly pubsub: PubSub;
  readonly fieldLimits: FieldLimits;
  readonly passwords: PasswordHasher;
  readonly accessTokens: AccessTokens;
  /** Must have at least 32 bytes and be the same on every instance. */
  readonly refreshTokenKey: Uint8Array;
  /** Queues an email in the same transaction as the change that the email reports. */
  readonly mails: UserMails & { invitation(tx: Tx, invitationId: string): Promise<void> };
  readonly removal: SchemaRemoval;
  readonly publicUrl: URL;
  readonly limits: {
    readonly signInPerMinute: number;
    readonly registerPerMinute: number;
    readonly projectMaxBytes: number | null;
    readonly resources: ResourceLimits;
  };
  readonly accountPolicy: AccountPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly planSchema: SchemaPlanner;
  readonly readRights: RightsReader;
  readonly userSchemas: UserSchemas;
  readonly explainAccess: AccessExplainer;
  /** Whether the gateway sends requests to private addresses and over http. */
  readonly egressAllowPrivate: boolean;
}

/** Creates each feature's service with exactly the dependencies that it needs. */
export function createServices(dependencies: ManagementDependencies): Services {
  const { db, clock, logger, pubsub, passwords, mails, limits, publicUrl, removal } = dependencies;
  const { accountPolicy } = dependencies;
  const { resources } = limits;
  const audit = createAuditService({ db });
  const invitations = createInvitationsService({
    db,
    audit,
    clock,
    publicUrl: publicUrl.origin,
    limits: resources,
    enqueueMail: (tx, invitationId) => mails.invitation(tx, invitationId),
  });
  const sessions = createSessionsService({
    db,
    audit,
    passwords,
    accessTokens: dependencies.accessTokens,
    pubsub,
    clock,
    refreshTokenKey: dependencies.refreshTokenKey,
    signInLimitPerMinute: limits.signInPerMinute,
    emailVerification: accountPolicy.emailVerification,
  });
  const storage = createStorageService({
    db,
    schemaPool: dependencies.schemaPool,
    maxBytes: limits.projectMaxBytes,
    logger,
  });
  return {
    accountPolicy,
    audit,
    sessions,
    fieldLimits: dependencies.fieldLimits,
    refreshCookie: createRefreshCookie({ publicUrl: publicUrl.origin, clock }),
    users: createUsersService({
      db,
      audit,
      passwords,
      sessions,
      mails,
      clock,
      registerLimitPerMinute: limits.registerPerMinute,
      accountPolicy,
      invitationTokenPath: (executor, token, email) =>
        invitations.tokenPath(executor, token, email),
    }),
    organizations: createOrganizationsService({ db, audit, removal, limits: resources }),
    members: createMembersService({ db, audit }),
    invitations,
    projects: createProjectsService({
      db,
      audit,
      removal,
      publicUrl: publicUrl.origin,
      limits: resources,
    }),
    projectSettings: createProjectSettingsService({
      db,
      audit,
      userSchemas: dependencies.userSchemas,
      egressAllowPrivate: dependencies.egressAllowPrivate,
    }),
    explanations: createExplanationsService({
      db,
      audit,
      explainAccess: dependencies.explainAccess,
      isFull: (ref) => storage.isFull(ref),
    }),
    apiKeys: createApiKeysService({ db, audit, pubsub, clock, limits: resources }),
    storage,
    usage: createUsageService({ db, clock, logger }),
    schemas: createSchemasService({
      db,
      schemaDb: dependencies.schemaDb,
      audit,
      planSchema: dependencies.planSchema,
      readRights: dependencies.readRights,
    }),
  };
}
