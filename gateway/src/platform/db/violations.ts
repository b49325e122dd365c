import { z } from 'zod';

/** A constraint violation, from `pg.DatabaseError` or from the same error inside a Prisma error. */
interface Violation {
  readonly sqlState: string;
  readonly constraint: string | null;
}

const fromDriver = z.object({
  code: z.string().length(5),
  constraint: z.string().optional(),
  message: z.string(),
});

/** Prisma errors such as P2002, P2010 (raw SQL) and P2039, which contain details from @prisma/adapter-pg. */
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
 * Returns the name of the unique constraint or index that a write violated (`users_email_key`), or null for any other
 * error. Accepts errors from Prisma and from `pg`. Prisma names unique constraints `<table>_<column>_<column>_key`.
 */
export function uniqueViolation(error: unknown): string | null {
  const violation = violationIn(error);
  if (violation?.sqlState !== uniqueViolationState) return null;
  return violation.constraint ?? '';
}

/** Reports whether a write violated the constraint with this name. */
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
  // For a check constraint, Prisma's adapter keeps only the message, which ends with the quoted name.
  const quoted = /constraint "([^"]+)"/.exec(message)?.[1];
  return { sqlState, constraint: constraint ?? quoted ?? null };
}
