import { z } from 'zod';

/** What PostgreSQL's driver says (`pg.DatabaseError`), and the same inside Prisma's errors. */
interface Violation {
  readonly sqlState: string;
  readonly constraint: string | null;
}

const fromDriver = z.object({
  code: z.string().length(5),
  constraint: z.string().optional(),
  message: z.string(),
});

/** P2002, P2010 (raw SQL), P2039 and their like, as @prisma/adapter-pg fills them. */
const fromPrisma = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({
        originalCode: z.string(),
        originalMessage: z.string(),
        constraint: z.object({ index: z.string() }).optional().catch(undefined),
      }),
    }),
  }),
});

const uniqueViolationState = '23505';
/** Class 23: integrity constraint violation (PostgreSQL manual, appendix A). */
const integrityClass = /^23/;

/**
 * The name of the unique constraint or index that a write ran into (`users_email_key`), or null when the
 * error is another one. Takes what Prisma throws and what `pg` throws. Prisma's names are
 * `<table>_<column>_<column>_key`; the columns alone are not told.
 */
export function uniqueViolation(error: unknown): string | null {
  const violation = violationIn(error);
  if (violation?.sqlState !== uniqueViolationState) return null;
  return violation.constraint ?? '';
}

/** Did a write break the constraint of this name, of whatever kind? */
export function isConstraintViolation(error: unknown, constraint: string): boolean {
  return violationIn(error)?.constraint === constraint;
}

function violationIn(error: unknown): Violation | null {
  const prisma = fromPrisma.safeParse(error);
  if (prisma.success) {
    const { originalCode, originalMessage, constraint } = prisma.data.meta.driverAdapterError.cause;
    return violation(originalCode, constraint?.index, originalMessage);
  }
  const driver = fromDriver.safeParse(error);
  if (!driver.success) return null;
  return violation(driver.data.code, driver.data.constraint, driver.data.message);
}

function violation(
  sqlState: string,
  constraint: string | undefined,
  message: string,
): Violation | null {
  if (!integrityClass.test(sqlState)) return null;
  // Of a check, Prisma's adapter keeps the message alone; PostgreSQL quotes the name at its end.
  const quoted = /constraint "([^"]+)"/.exec(message)?.[1];
  return { sqlState, constraint: constraint ?? quoted ?? null };
}
