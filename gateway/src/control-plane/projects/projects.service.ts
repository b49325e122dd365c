import { randomInt } from 'node:crypto';

import { z } from 'zod';

import type { Project } from '#prisma';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';
import { createProjectSchema } from '../../data-plane/schema.ts';
import { projectNames } from '../../engine/migrations.ts';
import type { Action } from '../access/actions.ts';
import type { Principal, Viewer } from '../access/viewer.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { clientOf } from '../../platform/db/sql-client.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import { slug, withChosenSlug, withFreeSlug } from '../slugs.ts';
import { displayName, parseInput, requireId } from '../validation/input.ts';
import { requireInOrganization, requireOnProject, requireUser } from '../access/access.service.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { defaultResourceLimits, type ResourceLimits } from '../limits.ts';

const slugRule = { constraint: 'projects_organization_id_slug_key', fallback: 'project' };

export interface ProjectsService {
  /**
   * The project with this ref, if it belongs to one of the user's organizations or is the API key's own project. Null
   * for any other ref, and for a string that is not a ref.
   */
  find(viewer: Viewer, ref: string): Promise<Project | null>;
  /** The URL of the project's own GraphQL API. */
  endpointOf(project: Pick<Project, 'ref'>): string;
  /**
   * Creates a project with a new ref, its PostgreSQL schema and its role. Without a slug, one is generated from the
   * name.
   * @throws NotFoundError, ValidationError, SlugTakenError, LimitReachedError
   */
  create(caller: Principal, input: CreateProject): Promise<Project>;
  /**
   * Changes a project's properties.
   * @throws NotFoundError, ValidationError, SlugTakenError
   */
  update(caller: Principal, input: UpdateProject): Promise<Project>;
  /**
   * Deletes a project and its keys. Its data is deleted in the background. The name must match the project's name.
   * @throws NotFoundError, ConfirmationMismatchError
   */
  delete(caller: Principal, input: DeleteProject): Promise<Project>;
}

const createSchema = z.object({ name: displayName, slug: slug.nullish() });
const updateSchema = z.object({ name: displayName.nullish(), slug: slug.nullish() });

export type CreateProject = z.input<typeof createSchema> & { readonly organizationId: string };
export type UpdateProject = z.input<typeof updateSchema> & { readonly projectRef: string };
export interface DeleteProject {
  readonly projectRef: string;
  readonly name: string;
}

/**
 * Queues the removal of deleted projects' PostgreSQL schemas and roles, which runs after the deletion has been
 * committed.
 */
export interface SchemaRemoval {
  enqueue(tx: Tx, refs: readonly string[]): Promise<void>;
}

interface ProjectsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly removal: SchemaRemoval;
  /** @default `defaultResourceLimits` */
  readonly limits?: Pick<ResourceLimits, 'projectsPerOrganization'>;
  /** The URL at which clients reach this server, without a trailing slash. */
  readonly publicUrl: string;
}

export function createProjectsService(dependencies: ProjectsDependencies): ProjectsService {
  const { db, publicUrl } = dependencies;
  return {
    find: (viewer, ref) => findProject(db, viewer, ref),
    endpointOf: ({ ref }) => `${publicUrl}/p/${ref}/graphql`,
    create: (caller, input) => createProject(dependencies, caller, input),
    update: (caller, input) => updateProject(dependencies, caller, input),
    delete: (caller, input) => deleteProject(dependencies, caller, input),
  };
}

async function findProject(db: Db | Tx, viewer: Viewer, ref: string): Promise<Project | null> {
  if (!isProjectRef(ref)) return null;
  switch (viewer.kind) {
    case 'anonymous':
      return null;
    case 'apiKey':
      return viewer.projectRef === ref ? db.project.findUnique({ where: { ref } }) : null;
    case 'user':
      return db.project.findFirst({
        where: { ref, organization: { memberships: { some: { userId: viewer.userId } } } },
      });
    default:
      return assertNever(viewer);
  }
}

async function createProject(
  { db, audit, limits = defaultResourceLimits }: ProjectsDependencies,
  caller: Principal,
  { organizationId: id, ...input }: CreateProject,
): Promise<Project> {
  requireUser(caller);
  const organizationId = requireId(id, 'organization');
  const { name, slug: wanted } = parseInput(createSchema, input);

  const insert = (chosenSlug: string) =>
    db.$transaction(async (tx) => {
      await requireInOrganization(tx, caller, {
        organizationId,
        action: 'project:create',
        what: 'organization',
        // Projects are created one at a time, so that the count is still correct when the transaction commits.
        hold: 'members',
      });
      const count = await tx.project.count({ where: { organizationId } });
      const max = limits.projectsPerOrganization;
      if (count >= max) throw errors.limitReached('projects per organization', max);
      const project = await tx.project.create({
        data: {
          name,
          slug: chosenSlug,
          organization: { connect: { id: organizationId } },
          refRecord: { create: { ref: randomRef() } },
        },
      });
      await createProjectSchema(clientOf(tx), projectNames(project.ref));
      await audit.record(tx, caller, {
        ...aboutProject(project),
        action: 'project.create',
        details: { ref: project.ref, slug: project.slug },
      });
      return project;
    });

  return wanted == null
    ? withFreeSlug(slugRule, name, insert)
    : withChosenSlug(slugRule, wanted, insert);
}

async function updateProject(
  { db, audit }: ProjectsDependencies,
  caller: Principal,
  { projectRef, ...input }: UpdateProject,
): Promise<Project> {
  requireUser(caller);
  const { name, slug: wanted } = parseInput(updateSchema, input);
  return withChosenSlug(slugRule, wanted ?? '', () =>
    db.$transaction(async (tx) => {
      const before = await holdProject(tx, caller, { ref: projectRef, action: 'project:update' });
      const after = { name: name ?? before.name, slug: wanted ?? before.slug };
      if (after.name === before.name && after.slug === before.slug) return before;
      const project = await tx.project.update({ where: { id: before.id }, data: after });
      await audit.record(tx, caller, {
        ...aboutProject(project),
        action: 'project.update',
        details: { before: { name: before.name, slug: before.slug }, after },
      });
      return project;
    }),
  );
}

async function deleteProject(
  { db, audit, removal }: ProjectsDependencies,
  caller: Principal,
  { projectRef, name }: DeleteProject,
): Promise<Project> {
  requireUser(caller);
  return db.$transaction(async (tx) => {
    const project = await holdProject(tx, caller, { ref: projectRef, action: 'project:delete' });
    // Names are stored in NFC, but a client can send another normalization form.
    if (name.normalize('NFC') !== project.name) throw errors.confirmationMismatch('project');
    await tx.project.delete({ where: { id: project.id } });
    await removal.enqueue(tx, [project.ref]);
    await audit.record(tx, caller, {
      ...aboutProject(project),
      action: 'project.delete',
      details: { ref: project.ref, slug: project.slug },
    });
    return project;
  });
}

/** Returns the fields that identify a project in an audit entry. */
export const aboutProject = ({ id, organizationId, name }: Project) =>
  ({
    organizationId,
    projectId: id,
    target: { kind: 'project', id, label: name },
  }) as const;

/**
 * Returns the caller's project with this ref. Checks that the caller is allowed to perform the action, in the same
 * transaction as the action.
 * @throws NotFoundError if the caller has no project with this ref
 * @throws RequestError `FORBIDDEN` if the role or the scopes do not allow the action
 */
export async function requireProject(
  tx: Tx,
  caller: Principal,
  { ref, action }: { ref: string; action: Action },
): Promise<Project> {
  if (caller.viewer.kind === 'anonymous') throw errors.unauthenticated();
  const project = await findProject(tx, caller.viewer, ref);
  if (project === null) throw errors.notFound('project');
  await requireOnProject(tx, caller, { project, action, what: 'project' });
  return project;
}

/**
 * Reads a project before the project or its keys are changed, checks that the caller is allowed to make the change, and
 * locks the project until the transaction ends, so that these changes run one at a time. The project is locked last,
 * after the organization and the membership (see `Hold`).
 * @throws NotFoundError if the caller has no project with this ref
 * @throws RequestError `FORBIDDEN` if the role or the scopes do not allow the action
 */
export async function holdProject(
  tx: Tx,
  caller: Principal,
  wanted: { ref: string; action: Action },
): Promise<Project> {
  const seen = await requireProject(tx, caller, wanted);
  const project = await lockProject(tx, seen.id);
  if (project === null) throw errors.notFound('project');
  return project;
}

/**
 * Locks a project against changes to it and its keys, and returns it. Returns null if it was deleted in the meantime.
 */
export async function lockProject(tx: Tx, id: string): Promise<Project | null> {
  await tx.$queryRaw`SELECT FROM tessera.projects WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return tx.project.findUnique({ where: { id } });
}

const refAlphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Returns 16 letters and digits, with 82 random bits. The database rejects a ref that has ever been used before. */
function randomRef(): string {
  return Array.from({ length: 16 }, () => refAlphabet.charAt(randomInt(refAlphabet.length))).join(
    '',
  );
}
