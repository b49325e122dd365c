import type { ApiKey } from '#prisma';
import type { Action } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import { createApiKeyText } from './api-key-format.ts';
import { hashToken } from '../../platform/crypto/opaque-token.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { errors } from '../errors/errors.ts';
import { parseInput, requireId } from '../validation/input.ts';
import { requireOnProject, requireUser } from '../access/access.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { holdProject, lockProject } from '../projects/projects.service.ts';
import {
  createSchema,
  rotateSchema,
  updateSchema,
  type CreateApiKey,
  type RotateApiKey,
  type UpdateApiKey,
} from './api-key-input.ts';
import { activeKeysOf, isActive, type ApiKeyRecord } from './api-key-record.ts';
import { defaultResourceLimits, type ResourceLimits } from '../limits.ts';

/** A new key with its text. The text of a secret key is shown once and never stored. */
export interface NewApiKey {
  readonly apiKey: ApiKeyRecord;
  readonly secret: string;
}

export interface KeyChangesDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly clock: Clock;
  /** @default `defaultResourceLimits` */
  readonly limits?: Pick<ResourceLimits, 'activeKeysPerProject'>;
}

export async function createKey(
  { db, audit, clock, limits }: KeyChangesDependencies,
  caller: Principal,
  { projectRef, ...input }: CreateApiKey,
): Promise<NewApiKey> {
  const { userId } = requireUser(caller);
  const now = clock();
  const wanted = parseInput(createSchema(now), input);
  return db.$transaction(async (tx) => {
    const project = await holdProject(tx, caller, { ref: projectRef, action: 'apiKey:create' });
    await requireRoom(tx, project.id, now, limits);
    const created = await insertKey(tx, {
      projectId: project.id,
      createdById: userId,
      rotatedFromId: null,
      name: wanted.name,
      kind: wanted.kind,
      scopes: wanted.scopes,
      expiresAt: wanted.expiresAt ?? null,
      rateLimitPerMinute: wanted.rateLimitPerMinute ?? null,
    });
    const apiKey = { ...created.apiKey, project };
    await audit.record(tx, caller, {
      ...aboutKey(apiKey),
      action: 'apiKey.create',
      details: {
        ...shownTerms(apiKey),
        kind: apiKey.kind,
        expiresAt: apiKey.expiresAt?.toISOString() ?? null,
      },
    });
    return { apiKey, secret: created.secret };
  });
}

export async function rotateKey(
  { db, audit, clock, limits }: KeyChangesDependencies,
  caller: Principal,
  { id, ...input }: RotateApiKey,
): Promise<NewApiKey & { readonly old: ApiKeyRecord }> {
  const { userId } = requireUser(caller);
  const { overlapSeconds } = parseInput(rotateSchema, input);
  return db.$transaction(async (tx) => {
    const old = await holdKey(tx, caller, { id, action: 'apiKey:rotate' });
    const now = clock();
    requireActive(old, now);
    const successor = await tx.apiKey.findUnique({ where: { rotatedFromId: old.id } });
    if (successor !== null) throw errors.rotatesRotatedKey();
    // If there is no overlap, the new key is counted instead of the old one.
    if (overlapSeconds > 0) await requireRoom(tx, old.projectId, now, limits);

    const created = await insertKey(tx, {
      projectId: old.projectId,
      createdById: userId,
      rotatedFromId: old.id,
      name: old.name,
      kind: old.kind,
      scopes: old.scopes,
      expiresAt: old.expiresAt,
      rateLimitPerMinute: old.rateLimitPerMinute,
    });
    const expiresAt = earlier(old.expiresAt, new Date(now.getTime() + overlapSeconds * 1_000));
    await tx.apiKey.update({ where: { id: old.id }, data: { expiresAt }, select: { id: true } });
    await audit.record(tx, caller, {
      ...aboutKey(old),
      action: 'apiKey.rotate',
      details: {
        overlapSeconds,
        expiresAt: expiresAt.toISOString(),
        successor: { id: created.apiKey.id, prefix: created.apiKey.prefix },
      },
    });
    return { apiKey: { ...created.apiKey, project: old.project }, secret: created.secret, old };
  });
}

export async function updateKey(
  { db, audit, clock }: KeyChangesDependencies,
  caller: Principal,
  { id, ...input }: UpdateApiKey,
): Promise<ApiKeyRecord> {
  requireUser(caller);
  return db.$transaction(async (tx) => {
    const before = await holdKey(tx, caller, { id, action: 'apiKey:update' });
    const { name, scopes, rateLimitPerMinute } = parseInput(updateSchema(before.kind), input);
    requireActive(before, clock());
    const changed: ApiKeyRecord = {
      ...before,
      name: name ?? before.name,
      scopes: scopes ?? before.scopes,
      rateLimitPerMinute:
        rateLimitPerMinute === undefined ? before.rateLimitPerMinute : rateLimitPerMinute,
    };
    const [was, is] = [shownTerms(before), shownTerms(changed)];
    if (JSON.stringify(was) === JSON.stringify(is)) return before;
    await tx.apiKey.update({
      where: { id: before.id },
      data: {
        name: changed.name,
        scopes: changed.scopes,
        rateLimitPerMinute: changed.rateLimitPerMinute,
      },
      select: { id: true },
    });
    await audit.record(tx, caller, {
      ...aboutKey(changed),
      action: 'apiKey.update',
      details: { before: was, after: is },
    });
    return changed;
  });
}

export async function revokeKey(
  { db, audit, clock }: KeyChangesDependencies,
  caller: Principal,
  id: string,
): Promise<ApiKeyRecord> {
  requireUser(caller);
  return db.$transaction(async (tx) => {
    const key = await holdKey(tx, caller, { id, action: 'apiKey:revoke' });
    if (key.revokedAt !== null) return key;
    const revoked = { ...key, revokedAt: clock() };
    await tx.apiKey.update({
      where: { id: key.id },
      data: { revokedAt: revoked.revokedAt },
      select: { id: true },
    });
    await audit.record(tx, caller, {
      ...aboutKey(key),
      action: 'apiKey.revoke',
      details: { prefix: key.prefix },
    });
    return revoked;
  });
}

/**
 * Reads a key for a change, checks that the caller is allowed to make it, and locks the key's project, so that changes
 * to a project's keys run one at a time.
 * @throws NotFoundError if the caller has no key with this id
 */
async function holdKey(
  tx: Tx,
  caller: Principal,
  { id, action }: { id: string; action: Action },
): Promise<ApiKeyRecord> {
  const { userId } = requireUser(caller);
  const keyId = requireId(id, 'API key');
  const seen = await tx.project.findFirst({
    where: {
      apiKeys: { some: { id: keyId } },
      organization: { memberships: { some: { userId } } },
    },
  });
  if (seen === null) throw errors.notFound('API key');
  await requireOnProject(tx, caller, { project: seen, action, what: 'API key' });
  const project = await lockProject(tx, seen.id);
  const key = await tx.apiKey.findUnique({ where: { id: keyId }, omit: { keyHash: true } });
  if (project === null || key === null) throw errors.notFound('API key');
  return { ...key, project };
}

async function insertKey(
  tx: Tx,
  data: Omit<
    ApiKey,
    | 'id'
    | 'prefix'
    | 'lastFour'
    | 'keyHash'
    | 'publishableKey'
    | 'createdAt'
    | 'lastUsedAt'
    | 'revokedAt'
  >,
) {
  const { text, prefix, lastFour } = createApiKeyText(data.kind);
  const apiKey = await tx.apiKey.create({
    data: {
      ...data,
      prefix,
      lastFour,
      keyHash: hashToken(text),
      publishableKey: data.kind === 'PUBLISHABLE' ? text : null,
    },
    omit: { keyHash: true },
  });
  return { apiKey, secret: text };
}

/**
 * Checks that the project has room for another active key. The caller must have locked the project.
 * @throws LimitReachedError if the project has the maximum number of keys
 */
async function requireRoom(
  tx: Tx,
  projectId: string,
  now: Date,
  {
    activeKeysPerProject: max,
  }: Pick<ResourceLimits, 'activeKeysPerProject'> = defaultResourceLimits,
): Promise<void> {
  const active = await tx.apiKey.count({ where: activeKeysOf(projectId, now) });
  if (active >= max) throw errors.limitReached('active API keys per project', max);
}

function requireActive(key: ApiKeyRecord, now: Date): void {
  if (isActive(key, now)) return;
  throw key.revokedAt === null ? errors.changesExpiredKey() : errors.changesRevokedKey();
}

const earlier = (one: Date | null, other: Date): Date =>
  one === null || other < one ? other : one;

/** Returns the fields that identify a key in an audit entry. */
const aboutKey = ({ id, name, project }: ApiKeyRecord) =>
  ({
    organizationId: project.organizationId,
    projectId: project.id,
    target: { kind: 'apiKey', id, label: name },
  }) as const;

/** Returns the properties of a key that the audit log shows. */
const shownTerms = ({ name, prefix, scopes, rateLimitPerMinute }: ApiKeyRecord) => ({
  name,
  prefix,
  scopes,
  rateLimitPerMinute,
});
