import { z } from 'zod';

import type { Project } from '#prisma';
import type {
  AccessExplainer,
  AccessExplanation,
} from '../../data-plane/explain/access-explainer.ts';
import type { ApiAccess } from '../../engine/runtime.ts';
import { audiences } from '../../engine/schema.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { requireOnProject, requireUser } from '../access/access.service.ts';
import type { Principal } from '../access/viewer.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import { controlPlaneLimits } from '../limits.ts';
import { aboutProject, requireProject } from '../projects/projects.service.ts';
import { rateLimits } from '../rate-limits.ts';
import { parseInput } from '../validation/input.ts';

export interface ExplanationsService {
  /**
   * Runs an operation of a project's API as a caller to whom access rules apply, and explains which rules decided about
   * it. Changes nothing.
   * @throws NotFoundError, ValidationError
   * @throws RequestError `RATE_LIMITED`, `OVERLOADED` or `TIMEOUT`
   */
  explain(
    caller: Principal,
    input: ExplainAccess,
    limiter: RateLimiter,
  ): Promise<AccessExplanation>;
}

const { maxExplainedQueryLength, maxExplainedInputLength } = controlPlaneLimits;

const jsonObject = (name: string) =>
  z
    .unknown()
    .optional()
    .transform((value) => value ?? {})
    .refine(
      (value) => typeof value === 'object' && !Array.isArray(value),
      `${name} must be an object.`,
    )
    .refine(
      (value) => JSON.stringify(value).length <= maxExplainedInputLength,
      `${name} must be at most ${maxExplainedInputLength} characters of JSON.`,
    )
    // The first check.
    .transform((value) => value as Readonly<Record<string, unknown>>);

const explainInput = z.object({
  as: z
    .object({
      audience: z.enum(audiences),
      userId: z.string().max(1_000, 'This id is too long.').nullish(),
      claims: jsonObject('claims'),
    })
    .refine(({ audience, userId }) => audience !== 'PUBLIC' || (userId ?? null) === null, {
      path: ['userId'],
      message: 'A caller who is signed out has no user. Omit userId, or use the audience USER.',
    }),
  query: z
    .string()
    .max(
      maxExplainedQueryLength,
      `The query must be at most ${maxExplainedQueryLength} characters long.`,
    ),
  variables: jsonObject('variables'),
});

export type ExplainAccess = z.input<typeof explainInput> & { readonly projectRef: string };

export interface ExplanationsDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly explainAccess: AccessExplainer;
  /** Whether the project with this ref has reached its maximum size. */
  readonly isFull: (ref: string) => boolean;
}

export function createExplanationsService({
  db,
  audit,
  explainAccess,
  isFull,
}: ExplanationsDependencies): ExplanationsService {
  return {
    async explain(caller, { projectRef, ...input }, limiter) {
      const { userId: member } = requireUser(caller);
      const right = { ref: projectRef, action: 'access:explain' } as const;
      const { project, access } = await db.$transaction(async (tx) => {
        const found = await requireProject(tx, caller, right);
        return { project: found, access: await accessTo(tx, caller, found) };
      });
      await enforceLimit(limiter, rateLimits.explainPerCaller, member);
      await enforceLimit(limiter, rateLimits.explainPerProject, project.id);
      const { as, query, variables } = parseInput(explainInput, input);
      const { audience, userId = null, claims } = as;
      const sdl = await currentSdl(db, project);
      // The entry is written first, so that no explanation is missing in the log.
      await audit.record(db, caller, {
        ...aboutProject(project),
        action: 'project.explainAccess',
        details: { as: { audience, userId, claims: Object.keys(claims).slice(0, maxNames) } },
      });
      return explainAccess({
        ref: project.ref,
        sdl,
        access,
        as: { audience, userId, claims },
        isFull: isFull(project.ref),
        request: { query, operationName: null, variables, extensions: {}, mayChange: true },
      });
    },
  };
}

/** The number of claims of which the audit log contains the names. */
const maxNames = 50;

/** The rows that the member can read and write. The rules of the caller narrow it. */
async function accessTo(tx: Tx, caller: Principal, project: Project): Promise<ApiAccess> {
  const may = (action: 'data:read' | 'data:write') =>
    requireOnProject(tx, caller, { project, action, what: 'project' }).then(
      () => 'ALL' as const,
      (error: unknown) => {
        if (error instanceof RequestError && error.code === 'FORBIDDEN') return new Set<string>();
        throw error;
      },
    );
  return {
    read: await may('data:read'),
    write: await may('data:write'),
    introspect: true,
    rules: null,
  };
}

async function currentSdl(db: Db, { id }: Project): Promise<string> {
  const version = await db.schemaVersion.findFirst({
    where: { projectId: id },
    orderBy: { number: 'desc' },
    select: { sdl: true },
  });
  return version?.sdl ?? '';
}
