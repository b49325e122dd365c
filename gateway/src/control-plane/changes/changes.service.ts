import { z } from 'zod';

import { ErasedRowError, type ChangeEraser } from '../../data-plane/schema.ts';
import type { Db } from '../../platform/db/database.ts';
import { requireUser } from '../access/access.service.ts';
import type { Principal } from '../access/viewer.ts';
import type { AuditService } from '../audit/audit.service.ts';
import { errors } from '../errors/errors.ts';
import { enforceLimit, type RateLimiter } from '../graphql/field-limits.ts';
import { controlPlaneLimits } from '../limits.ts';
import { aboutProject, requireProject } from '../projects/projects.service.ts';
import { rateLimits } from '../rate-limits.ts';
import { parseInput } from '../validation/input.ts';

export interface ChangesService {
  /**
   * Blanks the old and new values of a row in the change log of a project.
   * @returns the number of changes that the log has about the row
   * @throws NotFoundError, ValidationError
   * @throws RequestError `FORBIDDEN` or `RATE_LIMITED`
   */
  erase(caller: Principal, input: EraseChanges, limiter: RateLimiter): Promise<number>;
}

const { maxErasedKeyLength } = controlPlaneLimits;

const eraseInput = z.object({
  model: z.string().max(255, 'This name is too long.'),
  key: z
    .unknown()
    .refine(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
      'The key must be an object with the values of the key fields.',
    )
    .refine(
      (value) => JSON.stringify(value).length <= maxErasedKeyLength,
      `The key must be at most ${maxErasedKeyLength} characters of JSON.`,
    )
    // The first check.
    .transform((value) => value as Readonly<Record<string, unknown>>),
});

export interface EraseChanges {
  readonly projectRef: string;
  readonly model: string;
  readonly key?: unknown;
}

export interface ChangesDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly eraseChanges: ChangeEraser;
}

export function createChangesService({
  db,
  audit,
  eraseChanges,
}: ChangesDependencies): ChangesService {
  return {
    async erase(caller, { projectRef, ...input }, limiter) {
      requireUser(caller);
      const right = { ref: projectRef, action: 'changes:erase' } as const;
      const project = await db.$transaction((tx) => requireProject(tx, caller, right));
      await enforceLimit(limiter, rateLimits.eraseChangesPerProject, project.id);
      const { model, key } = parseInput(eraseInput, input);
      const version = await db.schemaVersion.findFirst({
        where: { projectId: project.id },
        orderBy: { number: 'desc' },
        select: { sdl: true },
      });
      // The entry is written first, so that no erasure is missing in the log. A key can be personal data.
      await audit.record(db, caller, {
        ...aboutProject(project),
        action: 'project.eraseChanges',
        details: { model },
      });
      try {
        return await eraseChanges({ ref: project.ref, sdl: version?.sdl ?? '' }, { model, key });
      } catch (error) {
        if (!(error instanceof ErasedRowError)) throw error;
        throw errors.invalid(error.member, error.message);
      }
    },
  };
}
