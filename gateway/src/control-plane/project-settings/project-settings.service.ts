import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { Prisma, Project } from '#prisma';
import type { AccessSettings, TrustedIssuer } from '../../data-plane/callers/access-settings.ts';
import type { UserSchemas } from '../../data-plane/schema.ts';
import type { UserSchema } from '../../engine/schema.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { requireUser } from '../access/access.service.ts';
import type { Principal } from '../access/viewer.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { errors } from '../errors/errors.ts';
import type { ValidationIssue } from '../errors/expected-error.ts';
import { aboutProject, holdProject, requireProject } from '../projects/projects.service.ts';
import { parseInput } from '../validation/input.ts';
import {
  issuersSchema,
  settingsSchema,
  storedIssuers,
  type SetTrustedIssuers,
  type UpdateProjectSettings,
} from './settings-input.ts';

export interface ProjectSettingsService {
  /** The settings of a project. Lookups for several projects at the same time are batched. */
  of(project: Pick<Project, 'id'>): Promise<AccessSettings>;
  /**
   * Changes the given settings and leaves the others unchanged.
   * @throws NotFoundError, ValidationError
   * @throws RequestError `CONFLICT` if the settings do not have the expected version
   */
  update(caller: Principal, input: UpdateProjectSettings): Promise<Project>;
  /**
   * Replaces the project's list of trusted issuers.
   * @throws NotFoundError, ValidationError
   * @throws RequestError `CONFLICT` if the settings do not have the expected version, or if the schema is changed several
   *   times during the request
   */
  setTrustedIssuers(caller: Principal, input: SetTrustedIssuers): Promise<Project>;
}

export interface ProjectSettingsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly userSchemas: UserSchemas;
  /** Whether issuers can have http URLs, because the gateway can reach private addresses. */
  readonly egressAllowPrivate: boolean;
}

export function createProjectSettingsService(
  dependencies: ProjectSettingsDependencies,
): ProjectSettingsService {
  const { db } = dependencies;
  return {
    of: async ({ id }) =>
      settingsOf(await db.projectAccessSettings.findUnique({ where: { projectId: id } })),
    update: (caller, input) => updateSettings(dependencies, caller, input),
    setTrustedIssuers: (caller, input) => setTrustedIssuers(dependencies, caller, input),
  };
}

/** Identifies the content of the settings. A change with an expected version fails if they have another version. */
export function versionOf({ allowedOrigins, trustedIssuers }: AccessSettings): string {
  const text = JSON.stringify([allowedOrigins, trustedIssuers]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** @throws RequestError `CONFLICT` */
function requireVersion(current: AccessSettings, expected: string | null | undefined): void {
  const isExpected = expected === undefined || expected === null || expected === versionOf(current);
  if (!isExpected) throw errors.conflict();
}

/** Returns the access settings of the project with this ref, or null if there is no such project. */
export async function findAccessSettings(db: Db, ref: string): Promise<AccessSettings | null> {
  const [found] = await db.$queryRaw<StoredSettings[]>`
    SELECT coalesce(s.allowed_origins, '{}') AS "allowedOrigins",
      coalesce(s.trusted_issuers, '[]') AS "trustedIssuers"
    FROM tessera.projects AS p
      LEFT JOIN tessera.project_access_settings AS s ON s.project_id = p.id
    WHERE p.ref = ${ref}`;
  return found === undefined ? null : settingsOf(found);
}

/** Returns the trusted issuers of a project. */
export async function findTrustedIssuers(
  db: Db | Tx,
  projectId: string,
): Promise<readonly TrustedIssuer[]> {
  return settingsOf(await db.projectAccessSettings.findUnique({ where: { projectId } }))
    .trustedIssuers;
}

interface StoredSettings {
  readonly allowedOrigins: string[];
  readonly trustedIssuers: Prisma.JsonValue;
}

const settingsOf = (stored: StoredSettings | null): AccessSettings => ({
  allowedOrigins: stored?.allowedOrigins ?? [],
  trustedIssuers: storedIssuers.parse(stored?.trustedIssuers ?? []),
});

async function updateSettings(
  { db, audit }: ProjectSettingsDependencies,
  caller: Principal,
  { projectRef, expectedVersion, ...input }: UpdateProjectSettings,
): Promise<Project> {
  requireUser(caller);
  const wanted = parseInput(settingsSchema, input);
  return db.$transaction(async (tx) => {
    const project = await holdProject(tx, caller, {
      ref: projectRef,
      action: 'projectSettings:update',
    });
    const before = await storedSettings(tx, project.id);
    requireVersion(before, expectedVersion);
    const allowedOrigins = wanted.allowedOrigins ?? before.allowedOrigins;
    if (isDeepStrictEqual(allowedOrigins, before.allowedOrigins)) return project;
    await store(tx, project.id, { allowedOrigins });
    await audit.record(tx, caller, {
      ...aboutProject(project),
      action: 'project.updateSettings',
      details: { before: { allowedOrigins: before.allowedOrigins }, after: { allowedOrigins } },
    });
    return project;
  });
}

const maxAttempts = 3;

async function setTrustedIssuers(
  dependencies: ProjectSettingsDependencies,
  caller: Principal,
  { projectRef, expectedVersion, ...input }: SetTrustedIssuers,
): Promise<Project> {
  const { db, audit, userSchemas, egressAllowPrivate } = dependencies;
  requireUser(caller);
  const right = { ref: projectRef, action: 'projectSettings:update' } as const;
  const seen = await db.$transaction((tx) => requireProject(tx, caller, right));
  const { issuers } = parseInput(issuersSchema(egressAllowPrivate), input);

  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const version = await findCurrentVersion(db, seen.id);
    requireInSchema(issuers, await userSchemas(seen.ref, version?.sdl ?? ''));
    const project = await db.$transaction(async (tx) => {
      const held = await holdProject(tx, caller, right);
      // A new version locks the project too, so that it cannot lose a field that these settings need.
      if (!(await isCurrentVersion(tx, held.id, version?.id ?? null))) return null;
      const settings = await storedSettings(tx, held.id);
      requireVersion(settings, expectedVersion);
      const { trustedIssuers: before } = settings;
      if (isDeepStrictEqual(issuers, before)) return held;
      await store(tx, held.id, { trustedIssuers: issuers });
      await audit.record(tx, caller, {
        ...aboutProject(held),
        action: 'project.setTrustedIssuers',
        details: {
          before: jsonOf(without(before, issuers)),
          after: jsonOf(without(issuers, before)),
        },
      });
      return held;
    });
    if (project !== null) return project;
  }
  throw errors.conflict();
}

/**
 * Checks that the schema has the fields and claims that the issuers refer to.
 * @throws ValidationError
 */
function requireInSchema(issuers: readonly TrustedIssuer[], users: UserSchema): void {
  const issues: ValidationIssue[] = [];
  for (const [index, { userField, claims }] of issuers.entries()) {
    const path = ['issuers', String(index)];
    if (!users.uniqueFields.includes(userField)) {
      issues.push({ path: [...path, 'userField'], message: userFieldProblem(users, userField) });
    }
    for (const [position, { name }] of claims.entries()) {
      if (users.claims.includes(name)) continue;
      issues.push({
        path: [...path, 'claims', String(position), 'name'],
        message: `The applied schema has no claim ${quoted(name)}. ${
          users.claims.length === 0
            ? 'Apply a schema that declares it in a type with @claims first.'
            : `The type with @claims has ${list(users.claims)}.`
        }`,
      });
    }
  }
  if (issues.length > 0) throw errors.validation(issues);
}

function userFieldProblem({ type, uniqueFields }: UserSchema, userField: string): string {
  if (type === null) {
    return 'The applied schema has no model with @user, so that tokens cannot identify users. Apply a schema with a @user model first.';
  }
  return `${type} has no unique field ${quoted(userField)} of the type ID, UUID, String, Int or BigInt. Unique fields of ${type}: ${list(uniqueFields)}.`;
}

const maxListed = 20;
const list = (names: readonly string[]): string =>
  names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
const quoted = (text: string): string => JSON.stringify(text.slice(0, 100));

const newestFirst = { number: 'desc' } as const;

const findCurrentVersion = (db: Db, projectId: string) =>
  db.schemaVersion.findFirst({
    where: { projectId },
    orderBy: newestFirst,
    select: { id: true, sdl: true },
  });

async function isCurrentVersion(tx: Tx, projectId: string, id: string | null): Promise<boolean> {
  const current = await tx.schemaVersion.findFirst({
    where: { projectId },
    orderBy: newestFirst,
    select: { id: true },
  });
  return (current?.id ?? null) === id;
}

const storedSettings = async (tx: Tx, projectId: string): Promise<AccessSettings> =>
  settingsOf(await tx.projectAccessSettings.findUnique({ where: { projectId } }));

async function store(
  tx: Tx,
  projectId: string,
  { allowedOrigins, trustedIssuers }: Partial<AccessSettings>,
): Promise<void> {
  const data = {
    ...(allowedOrigins === undefined ? {} : { allowedOrigins: [...allowedOrigins] }),
    ...(trustedIssuers === undefined ? {} : { trustedIssuers: jsonOf(trustedIssuers) }),
  };
  await tx.projectAccessSettings.upsert({
    where: { projectId },
    create: { projectId, ...data },
    update: data,
    select: { projectId: true },
  });
}

const jsonOf = (issuers: readonly TrustedIssuer[]): Prisma.InputJsonArray =>
  // Plain JSON, but its types have no index signature.
  issuers as unknown as Prisma.InputJsonArray;

/** Returns the issuers that are not in the other list in the same form. An entry contains only what changed. */
const without = (issuers: readonly TrustedIssuer[], others: readonly TrustedIssuer[]) =>
  issuers.filter((issuer) => !others.some((other) => isDeepStrictEqual(issuer, other)));
