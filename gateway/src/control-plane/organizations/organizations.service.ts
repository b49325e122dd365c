import { z } from 'zod';

import type { Organization } from '#prisma';
import type { Principal } from '../access/viewer.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { errors } from '../errors/errors.ts';
import { slug, withChosenSlug, withFreeSlug } from '../slugs.ts';
import { displayName, parseInput, requireId } from '../validation/input.ts';
import { requireInOrganization, requireUser } from '../access/access.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { SchemaRemoval } from '../projects/projects.service.ts';
import { defaultResourceLimits, type ResourceLimits } from '../limits.ts';

export interface OrganizationsService {
  /**
   * Creates an organization with the caller as its owner. Without a slug, one is generated from the name.
   * @throws ValidationError, SlugTakenError, LimitReachedError
   */
  create(caller: Principal, input: CreateOrganization): Promise<Organization>;
  /**
   * Changes an organization's properties.
   * @throws NotFoundError, ValidationError, SlugTakenError
   */
  update(caller: Principal, input: UpdateOrganization): Promise<Organization>;
  /**
   * Deletes the organization and everything in it. Its projects' data is deleted in the background. If a name is given,
   * it must match the organization's name.
   * @throws NotFoundError, ConfirmationMismatchError
   */
  delete(caller: Principal, input: DeleteOrganization): Promise<Organization>;
}

const slugRule = { constraint: 'organizations_slug_key', fallback: 'organization' };

const createSchema = z.object({ name: displayName, slug: slug.nullish() });
const updateSchema = z.object({ name: displayName.nullish(), slug: slug.nullish() });

export type CreateOrganization = z.input<typeof createSchema>;
export type UpdateOrganization = z.input<typeof updateSchema> & { readonly id: string };
export interface DeleteOrganization {
  readonly id: string;
  readonly name?: string | null | undefined;
}

export function createOrganizationsService({
  db,
  audit,
  removal,
  limits = defaultResourceLimits,
}: {
  db: Db;
  audit: AuditService;
  removal: SchemaRemoval;
  /** @default `defaultResourceLimits` */
  limits?: Pick<ResourceLimits, 'organizationsPerUser'>;
}): OrganizationsService {
  const insert = (caller: Principal, name: string, chosenSlug: string) =>
    db.$transaction(async (tx) => {
      const { userId } = requireUser(caller);
      await checkOrganizationLimit(tx, userId, limits);
      const organization = await tx.organization.create({
        data: { name, slug: chosenSlug, memberships: { create: { userId, role: 'OWNER' } } },
      });
      await audit.record(tx, caller, {
        action: 'organization.create',
        organizationId: organization.id,
        target: targetOf(organization),
        details: { slug: organization.slug },
      });
      return organization;
    });

  return {
    async create(caller, input) {
      requireUser(caller);
      const { name, slug: wanted } = parseInput(createSchema, input);
      const write = (chosen: string) => insert(caller, name, chosen);
      return wanted == null
        ? withFreeSlug(slugRule, name, write)
        : withChosenSlug(slugRule, wanted, write);
    },

    async update(caller, { id, ...input }) {
      requireUser(caller);
      const organizationId = requireId(id, 'organization');
      const { name, slug: wanted } = parseInput(updateSchema, input);
      return withChosenSlug(slugRule, wanted ?? '', () =>
        db.$transaction(async (tx) => {
          await requireInOrganization(tx, caller, {
            organizationId,
            action: 'organization:update',
            what: 'organization',
            hold: 'organization',
          });
          const before = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } });
          const after = { name: name ?? before.name, slug: wanted ?? before.slug };
          if (after.name === before.name && after.slug === before.slug) return before;
          const organization = await tx.organization.update({
            where: { id: organizationId },
            data: after,
          });
          await audit.record(tx, caller, {
            action: 'organization.update',
            organizationId,
            target: targetOf(organization),
            details: {
              before: { name: before.name, slug: before.slug },
              after,
            },
          });
          return organization;
        }),
      );
    },

    async delete(caller, { id, name }) {
      requireUser(caller);
      const organizationId = requireId(id, 'organization');
      return db.$transaction(async (tx) => {
        await requireInOrganization(tx, caller, {
          organizationId,
          action: 'organization:delete',
          what: 'organization',
          hold: 'organization',
        });
        const organization = await tx.organization.findUniqueOrThrow({
          where: { id: organizationId },
        });
        // Names are stored in NFC, but a client can send another normalization form.
        if (name != null && name.normalize('NFC') !== organization.name) {
          throw errors.confirmationMismatch('organization');
        }
        const projects = await tx.project.findMany({
          where: { organizationId },
          select: { ref: true },
        });
        await tx.organization.delete({ where: { id: organizationId } });
        await removal.enqueue(
          tx,
          projects.map(({ ref }) => ref),
        );
        await audit.record(tx, caller, {
          action: 'organization.delete',
          organizationId,
          target: targetOf(organization),
          details: { slug: organization.slug },
        });
        return organization;
      });
    },
  };
}

const targetOf = ({ id, name }: Organization) =>
  ({ kind: 'organization', id, label: name }) as const;

/**
 * Checks that the user can become a member of another organization. Locks the user's row until the transaction ends, so
 * that concurrent requests cannot exceed the limit.
 * @throws LimitReachedError
 */
export async function checkOrganizationLimit(
  tx: Tx,
  userId: string,
  { organizationsPerUser: max }: Pick<ResourceLimits, 'organizationsPerUser'>,
): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM tessera.users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  const count = await tx.membership.count({ where: { userId } });
  if (count >= max) throw errors.limitReached('organizations per account', max);
}
