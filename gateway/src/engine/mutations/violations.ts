import pg from 'pg';
import { mayRead } from '../api/access.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { pathOf } from './place.ts';
import type { Reference } from './draft.ts';
import { operationErrors, type OperationError } from '../errors.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { violationIndex, type ConstraintMeaning } from './violation-index.ts';

/** What is known of the write that failed. */
export interface FailedWrite {
  readonly api: ProjectApi;
  /** The model type of the root field. */
  readonly type: string;
  readonly deletes: boolean;
  /** What was connected by id. */
  readonly references: readonly Reference[];
  readonly path: readonly (string | number)[];
}

/**
 * What PostgreSQL says of a write, in the API's words: no text of its own, no table, no column.
 *
 * @returns null for what is no fault of the request's
 */
export function writeError(error: unknown, write: FailedWrite): OperationError | null {
  if (!(error instanceof pg.DatabaseError)) return null;
  const context = { path: write.path, cause: error };
  const code = error.code ?? '';
  switch (code) {
    case '23505':
    case '23514':
    case '23503':
    case '23001': {
      // 23001 is RESTRICT, which PostgreSQL 18 tells from a row that is not there.
      const meaning = violationIndex(write.api.index).constraint(error.constraint ?? '');
      return meaning === null ? null : constraintError(error, meaning, write);
    }
    case '23502': {
      const field = violationIndex(write.api.index).column(error.table ?? '', error.column ?? '');
      return field === null ? null : operationErrors.missingValue(field, context);
    }
    case '40001':
    case '40P01':
      return operationErrors.conflict(context);
    case '54000':
      return operationErrors.valueTooLongForIndex(context);
  }
  // Class 22: data exception (PostgreSQL manual, appendix A).
  return code.startsWith('22') ? operationErrors.valueOutOfRange(context) : null;
}

/** Did a new row meet one of the same type that has its unique key? */
export function isUniqueViolation(error: unknown, api: ProjectApi, type: string): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return false;
  const meaning = violationIndex(api.index).constraint(error.constraint ?? '');
  return meaning?.kind === 'UNIQUE' && meaning.type === type;
}

function constraintError(
  error: pg.DatabaseError,
  meaning: ConstraintMeaning,
  write: FailedWrite,
): OperationError {
  const context = { path: write.path, cause: error };
  switch (meaning.kind) {
    case 'UNIQUE':
      return operationErrors.notUnique(meaning.type, meaning.fields, context);
    case 'CHECK':
      return operationErrors.constraintViolated(meaning.type, meaning.fields, context);
    case 'FOREIGN_KEY':
      return write.deletes
        ? referencedError(meaning, write, error)
        : missingError(meaning, write, error);
    default:
      return assertNever(meaning);
  }
}

type ForeignKeyMeaning = Extract<ConstraintMeaning, { kind: 'FOREIGN_KEY' }>;

function referencedError(
  { owningSide, inverseSide }: ForeignKeyMeaning,
  { api, type, path }: FailedWrite,
  cause: pg.DatabaseError,
): OperationError {
  const mayBeNamed = inverseSide.type === type && mayRead(api.access, owningSide.type);
  return mayBeNamed
    ? operationErrors.stillReferenced(type, inverseSide.field, { path, cause })
    : operationErrors.stillReferencedByOthers(type, { path, cause });
}

function missingError(
  { relation, owningSide, inverseSide }: ForeignKeyMeaning,
  { references, path }: FailedWrite,
  cause: pg.DatabaseError,
): OperationError {
  // The detail names the key in every language: `Key (board_id)=(…) …`.
  const id = /\)=\(([0-9a-f-]{36})\)/.exec(cause.detail ?? '')?.[1];
  const named = references.find((each) => each.relation === relation && each.id === id);
  return named === undefined
    ? operationErrors.missingReference(inverseSide.type, owningSide.field, { path, cause })
    : operationErrors.notConnected(inverseSide.type, pathOf(named.place), { path, cause });
}
