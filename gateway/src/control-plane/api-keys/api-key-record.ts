import type { ApiKey, Project } from '#prisma';
import { Prisma } from '#prisma';
import type { Db } from '../../platform/db/database.ts';

/** An API key and its project. The key's hash is not included. */
export type ApiKeyRecord = Omit<ApiKey, 'keyHash'> & { readonly project: Project };

/** Reports whether the key is neither revoked nor expired. A key stops working at the exact time of its expiry. */
export function isActive(key: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return key.revokedAt === null && (key.expiresAt === null || now < key.expiresAt);
}

/** A filter for a project's active keys, equivalent to `isActive`. */
export const activeKeysOf = (projectId: string, now: Date): Prisma.ApiKeyWhereInput => ({
  projectId,
  revokedAt: null,
  OR: [{ expiresAt: null }, { expiresAt: { gt: now } }],
});

interface JoinedRow extends Omit<ApiKey, 'keyHash' | 'projectId'> {
  readonly projectId: string;
  readonly ref: string;
  readonly organizationId: string;
  readonly projectName: string;
  readonly slug: string;
  readonly projectCreatedAt: Date;
}

/**
 * Reads a key and its project with one statement. Prisma would use two, and would fail if the project were deleted
 * between them.
 */
export async function findKey(
  db: Db,
  by: { readonly keyHash: Uint8Array } | { readonly id: string },
): Promise<ApiKeyRecord | null> {
  const condition =
    'id' in by ? Prisma.sql`k.id = ${by.id}::uuid` : Prisma.sql`k.key_hash = ${by.keyHash}`;
  const [row] = await db.$queryRaw<JoinedRow[]>`
    SELECT k.id, k.name, k.kind::text AS kind, k.prefix, k.last_four AS "lastFour", k.scopes,
      k.created_by_id AS "createdById", k.rotated_from_id AS "rotatedFromId",
      k.created_at AS "createdAt", k.expires_at AS "expiresAt", k.last_used_at AS "lastUsedAt",
      k.revoked_at AS "revokedAt", k.rate_limit_per_minute AS "rateLimitPerMinute",
      k.publishable_key AS "publishableKey",
      p.id AS "projectId", p.ref, p.organization_id AS "organizationId", p.name AS "projectName",
      p.slug, p.created_at AS "projectCreatedAt"
    FROM tessera.api_keys AS k JOIN tessera.projects AS p ON p.id = k.project_id
    WHERE ${condition}`;
  if (row === undefined) return null;
  const { ref, organizationId, projectName, slug, projectCreatedAt, ...key } = row;
  return {
    ...key,
    project: {
      id: key.projectId,
      ref,
      organizationId,
      name: projectName,
      slug,
      createdAt: projectCreatedAt,
    },
  };
}
