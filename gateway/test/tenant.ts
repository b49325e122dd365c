import { randomBytes } from 'node:crypto';

import type { Role } from '../src/platform/access/actions.ts';
import { createApiKeyText } from '../src/platform/crypto/api-key-format.ts';
import { createOpaqueToken, hashToken } from '../src/platform/crypto/opaque-token.ts';
import type { Db } from '../src/platform/db/database.ts';

const day = 24 * 60 * 60 * 1000;

/** A user with a living session, whose access token the test's app can issue. */
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

/** An organization with one of everything, made straight in the database. */
export interface SeededTenant {
  /** Stands in every text of the tenant that a user chose. */
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
const randomRef = (): string => randomBytes(8).toString('hex');

/** @param now the moment that the app under test takes for the present */
export async function seedTenant(db: Db, now: Date = new Date()): Promise<SeededTenant> {
  const canary = `canary-${randomName()}`;
  const name = `${canary} organization`;
  const organization = await db.organization.create({ data: { name, slug: canary } });
  const users = {
    OWNER: await seedMember(db, organization.id, canary, 'OWNER', now),
    ADMIN: await seedMember(db, organization.id, canary, 'ADMIN', now),
    DEVELOPER: await seedMember(db, organization.id, canary, 'DEVELOPER', now),
    VIEWER: await seedMember(db, organization.id, canary, 'VIEWER', now),
  };
  const ref = randomRef();
  const project = await db.project.create({
    data: {
      name: `${canary} project`,
      slug: canary,
      organization: { connect: { id: organization.id } },
      refRecord: { create: { ref } },
    },
  });
  const createdById = users.OWNER.userId;
  const seedKey = (state: string, data: { expiresAt?: Date; revokedAt?: Date }) =>
    insertKey(db, { projectId: project.id, createdById, name: `${canary} ${state}`, ...data });
  const token = createOpaqueToken();
  const email = `invited-${canary}@example.org`;
  const invitation = await db.invitation.create({
    data: {
      organizationId: organization.id,
      email,
      role: 'VIEWER',
      invitedById: createdById,
      tokenHash: hashToken(token),
      expiresAt: new Date(now.getTime() + 7 * day),
    },
  });
  await db.auditEntry.create({
    data: {
      organizationId: organization.id,
      projectId: project.id,
      actorKind: 'USER',
      actorId: createdById,
      actorLabel: users.OWNER.email,
      action: 'project.create',
      targetKind: 'project',
      targetId: project.id,
      targetLabel: `${canary} project`,
    },
  });
  return {
    canary,
    organizationId: organization.id,
    slug: canary,
    name,
    users,
    project: { id: project.id, ref, name: project.name },
    key: await seedKey('key', {}),
    expiredKey: await seedKey('expired key', { expiresAt: new Date(now.getTime() - 1_000) }),
    revokedKey: await seedKey('revoked key', { revokedAt: new Date(now.getTime() - 1_000) }),
    invitation: { id: invitation.id, token, email },
  };
}

async function seedMember(
  db: Db,
  organizationId: string,
  canary: string,
  role: Role,
  now: Date,
): Promise<SeededUser> {
  const email = `${role.toLowerCase()}-${canary}@example.org`;
  const user = await db.user.create({
    data: {
      email,
      name: `${canary} ${role.toLowerCase()}`,
      // No password leads to this hash; the tests sign their own access tokens.
      passwordHash: `$2b$04$${'.'.repeat(53)}`,
      sessions: {
        create: {
          createdAt: now,
          lastUsedAt: now,
          expiresAt: new Date(now.getTime() + 30 * day),
          ipAddress: '203.0.113.7',
          userAgent: `${canary} browser`,
        },
      },
      memberships: { create: { organizationId, role } },
    },
    include: { sessions: true, memberships: true },
  });
  const [session] = user.sessions;
  const [membership] = user.memberships;
  if (session === undefined || membership === undefined) throw new Error('The seed is incomplete.');
  return { userId: user.id, sessionId: session.id, email, membershipId: membership.id };
}

async function insertKey(
  db: Db,
  data: {
    projectId: string;
    createdById: string;
    name: string;
    expiresAt?: Date;
    revokedAt?: Date;
  },
): Promise<SeededKey> {
  const { text, prefix, lastFour } = createApiKeyText('SECRET');
  const key = await db.apiKey.create({
    data: {
      ...data,
      kind: 'SECRET',
      prefix,
      lastFour,
      keyHash: hashToken(text),
      scopes: ['data.read', 'data.write', 'schema.read', 'schema.apply'],
    },
  });
  return { id: key.id, text };
}
