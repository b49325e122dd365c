import { randomBytes } from 'node:crypto';

import { roles, type Role } from '../src/control-plane/access/actions.ts';
import { createApiKeyText } from '../src/control-plane/api-keys/api-key-format.ts';
import { createOpaqueToken, hashToken } from '../src/platform/crypto/opaque-token.ts';
import type { Db } from '../src/platform/db/database.ts';

const day = 24 * 60 * 60 * 1000;

/** A user with an active session, for whom the test app can issue access tokens. */
export interface SeededUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly email: string;
  readonly membershipId: string;
}

export interface SeededKey {
  readonly id: string;
  readonly text: string;
}

/** An organization that has one object of each type, inserted directly into the database. */
export interface SeededTenant {
  /** A string that all of the tenant's user-defined strings contain. */
  readonly canary: string;
  readonly organizationId: string;
  readonly slug: string;
  readonly name: string;
  readonly users: Readonly<Record<Role, SeededUser>>;
  readonly project: { readonly id: string; readonly ref: string; readonly name: string };
  readonly key: SeededKey;
  readonly expiredKey: SeededKey;
  readonly revokedKey: SeededKey;
  readonly invitation: { readonly id: string; readonly token: string; readonly email: string };
}

const randomName = (): string => randomBytes(6).toString('hex');
let idsMade = 0;

/**
 * Returns a UUIDv7 (RFC 9562, section 5.7) that is greater than the previous one, because `keysetConnection` orders by
 * id.
 */
function orderedId(): string {
  idsMade += 1;
  const time = Date.now().toString(16).padStart(12, '0');
  const counter = (idsMade % 0x1000).toString(16).padStart(3, '0');
  const [a, b] = [time.slice(0, 8), time.slice(8)];
  return `${a}-${b}-7${counter}-8${randomBytes(2).toString('hex').slice(1)}-${randomBytes(6).toString('hex')}`;
}

const randomRef = (): string => randomBytes(8).toString('hex');

/**
 * Creates a tenant. Uses few statements, because the isolation suite needs hundreds of tenants.
 * @param now the current time for the app under test
 */
export async function seedTenant(db: Db, now: Date = new Date()): Promise<SeededTenant> {
  const canary = `canary-${randomName()}`;
  const organization = { id: orderedId(), slug: canary, name: `${canary} organization` };
  const users = {
    OWNER: newUser(canary, 'OWNER'),
    ADMIN: newUser(canary, 'ADMIN'),
    DEVELOPER: newUser(canary, 'DEVELOPER'),
    VIEWER: newUser(canary, 'VIEWER'),
  };
  const project = { id: orderedId(), ref: randomRef(), name: `${canary} project` };
  const invitation = {
    id: orderedId(),
    token: createOpaqueToken(),
    email: `invited-${canary}@example.org`,
  };
  const owner = { createdById: users.OWNER.userId, projectId: project.id };
  const key = newKey({ ...owner, name: `${canary} key` });
  const expiresAt = new Date(now.getTime() - 1_000);
  const expiredKey = newKey({ ...owner, name: `${canary} expired key`, expiresAt });
  const revokedKey = newKey({ ...owner, name: `${canary} revoked key`, revokedAt: expiresAt });

  await db.organization.create({ data: organization });
  await insertUsers(db, organization.id, canary, users, now);
  await insertProject(db, organization.id, { ...project, slug: canary });
  await insertVersion(db, project.id, canary, users.OWNER);
  await db.projectAccessSettings.create({
    data: { projectId: project.id, allowedOrigins: [`https://${canary}.example`] },
  });
  await db.apiKey.createMany({
    data: [key, expiredKey, revokedKey].map(({ row }) => row),
  });
  await db.invitation.create({
    data: {
      id: invitation.id,
      organizationId: organization.id,
      email: invitation.email,
      role: 'VIEWER',
      invitedById: users.OWNER.userId,
      tokenHash: hashToken(invitation.token),
      expiresAt: new Date(now.getTime() + 7 * day),
    },
  });
  await db.auditEntry.create({
    data: {
      organizationId: organization.id,
      projectId: project.id,
      actorKind: 'USER',
      actorId: users.OWNER.userId,
      actorLabel: users.OWNER.email,
      action: 'project.create',
      targetKind: 'project',
      targetId: project.id,
      targetLabel: project.name,
    },
  });
  return {
    canary,
    organizationId: organization.id,
    slug: canary,
    name: organization.name,
    users,
    project,
    key: key.seeded,
    expiredKey: expiredKey.seeded,
    revokedKey: revokedKey.seeded,
    invitation,
  };
}

/** Creates another project in the tenant's organization and returns its key. */
export async function seedSiblingKey(db: Db, tenant: SeededTenant): Promise<SeededKey> {
  const name = `${tenant.canary} sibling`;
  const project = { id: orderedId(), ref: randomRef(), name, slug: `${tenant.canary}-sibling` };
  await insertProject(db, tenant.organizationId, project);
  const createdById = tenant.users.OWNER.userId;
  const key = newKey({ projectId: project.id, createdById, name });
  await db.apiKey.create({ data: key.row });
  return key.seeded;
}

async function insertProject(
  db: Db,
  organizationId: string,
  project: { id: string; ref: string; name: string; slug: string },
): Promise<void> {
  await db.projectRef.create({ data: { ref: project.ref } });
  await db.project.create({ data: { ...project, organizationId } });
}

async function insertVersion(
  db: Db,
  projectId: string,
  canary: string,
  author: SeededUser,
): Promise<void> {
  await db.schemaVersion.create({
    data: {
      projectId,
      number: 1,
      // The SDL has no models, because otherwise planning would need tables in the project's schema.
      sdl: `"${canary}"\nenum Canary { IN_THE_COAL_MINE }`,
      plan: {
        hash: canary,
        baseVersion: 0,
        steps: [
          {
            kind: 'CREATE_TABLE',
            target: canary,
            summary: canary,
            sql: canary,
            hazard: 'LOCK',
            affectedRows: 1,
          },
        ],
        hazards: ['LOCK'],
        suggestions: [{ target: canary, from: canary, directive: canary, summary: canary }],
      },
      appliedByKind: 'USER',
      appliedById: author.userId,
      appliedByName: author.email,
    },
  });
}

const newUser = (canary: string, role: Role): SeededUser => ({
  userId: orderedId(),
  sessionId: orderedId(),
  membershipId: orderedId(),
  email: `${role.toLowerCase()}-${canary}@example.org`,
});

async function insertUsers(
  db: Db,
  organizationId: string,
  canary: string,
  users: SeededTenant['users'],
  now: Date,
): Promise<void> {
  const members = roles.map((role) => ({ role, ...users[role] }));
  await db.user.createMany({
    data: members.map(({ userId, email, role }) => ({
      id: userId,
      email,
      name: `${canary} ${role.toLowerCase()}`,
      // No password matches this hash. The tests do not sign in, but sign their own access tokens.
      passwordHash: `$2b$04$${'.'.repeat(53)}`,
    })),
  });
  await db.session.createMany({
    data: members.map(({ userId, sessionId }) => ({
      id: sessionId,
      userId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: new Date(now.getTime() + 30 * day),
      ipAddress: '203.0.113.7',
      userAgent: `${canary} browser`,
    })),
  });
  await db.membership.createMany({
    data: members.map(({ membershipId, userId, role }) => ({
      id: membershipId,
      organizationId,
      userId,
      role,
    })),
  });
}

interface KeyColumns {
  readonly projectId: string;
  readonly createdById: string;
  readonly name: string;
  readonly expiresAt?: Date;
  readonly revokedAt?: Date;
}

function newKey(columns: KeyColumns) {
  const { text, prefix, lastFour } = createApiKeyText('SECRET');
  const id = orderedId();
  const scopes = ['data.read', 'data.write', 'schema.read', 'schema.apply'];
  const keyHash = hashToken(text);
  return {
    seeded: { id, text } satisfies SeededKey,
    row: { ...columns, id, kind: 'SECRET' as const, prefix, lastFour, keyHash, scopes },
  };
}
