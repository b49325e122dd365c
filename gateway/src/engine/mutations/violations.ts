import pg from 'pg';
import { mayRead } from '../api/access.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { pathOf } from './place.ts';
import type { Reference } from './draft.ts';
import { RequestError } from '../request-error.ts';
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
export function writeError(error: unknown, write: FailedWrite): RequestError | null {
  if (!(error instanceof pg.DatabaseError)) return null;
  const { path } = write;
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
      if (field === null) return null;
      const message = `A row would be left without its ${field}, which is required.`;
      return new RequestError('CHECK_VIOLATION', message, { fields: [field], path, cause: error });
    }
    case '40001':
    case '40P01':
      return new RequestError(
        'CONFLICT',
        'The request met another one that changed the same rows. Nothing was changed; send it again.',
        { path, cause: error },
      );
    // A value too long for an index.
    case '54000':
      return badValue(
        'A value is too long for a key or an index that its field is in.',
        path,
        error,
      );
  }
  // Class 22: data exception (PostgreSQL manual, appendix A).
  return code.startsWith('22')
    ? badValue('A value is none that its field can hold.', path, error)
    : null;
}

/** Did a new row meet one of the same type that has its unique key? */
export function isUniqueViolation(error: unknown, api: ProjectApi, type: string): boolean {
  if (!(error instanceof pg.DatabaseError) || error.code !== '23505') return false;
  const meaning = violationIndex(api.index).constraint(error.constraint ?? '');
  return meaning?.kind === 'UNIQUE' && meaning.type === type;
}

function badValue(message: string, path: FailedWrite['path'], cause: unknown): RequestError {
  return new RequestError('BAD_USER_INPUT', message, {
    issues: [{ path: [], message }],
    path,
    cause,
  });
}

function constraintError(
  error: pg.DatabaseError,
  meaning: ConstraintMeaning,
  write: FailedWrite,
): RequestError {
  const details = { path: write.path, cause: error };
  switch (meaning.kind) {
    case 'UNIQUE': {
      const { type, fields } = meaning;
      const message = `There is another ${type} with the same ${inWords(fields)}.`;
      return new RequestError('UNIQUE_VIOLATION', message, { ...details, fields });
    }
    case 'CHECK': {
      const { type, fields } = meaning;
      const message = `The constraint of ${type}.${inWords(fields)} does not allow this value.`;
      return new RequestError('CHECK_VIOLATION', message, { ...details, fields });
    }
    case 'FOREIGN_KEY':
      return write.deletes
        ? referencedError(meaning, write, error)
        : missingError(meaning, write, error);
  }
}

type ForeignKeyMeaning = Extract<ConstraintMeaning, { kind: 'FOREIGN_KEY' }>;

/** Nothing is told of a type that the caller may not read. */
function referencedError(
  { owningSide, inverseSide }: ForeignKeyMeaning,
  { api, type, path }: FailedWrite,
  cause: unknown,
): RequestError {
  const isTold = inverseSide.type === type && mayRead(api.access, owningSide.type);
  return new RequestError(
    'FOREIGN_KEY_VIOLATION',
    isTold
      ? `There are still ${inverseSide.field} that hold this ${type}.`
      : `This ${type}, or a row that would be deleted with it, is still held by others.`,
    { fields: isTold ? [inverseSide.field] : [], path, cause },
  );
}

function missingError(
  { relation, owningSide, inverseSide }: ForeignKeyMeaning,
  { references, path }: FailedWrite,
  cause: pg.DatabaseError,
): RequestError {
  // The detail names the key in every language: `Key (board_id)=(…) …`.
  const id = /\)=\(([0-9a-f-]{36})\)/.exec(cause.detail ?? '')?.[1];
  const named = references.find((each) => each.relation === relation && each.id === id);
  if (named !== undefined) return notConnected(inverseSide.type, pathOf(named.place), path, cause);
  const message = `There is no ${inverseSide.type} with this ${owningSide.field}.`;
  return new RequestError('FOREIGN_KEY_VIOLATION', message, {
    fields: [owningSide.field],
    path,
    cause,
  });
}

/** `connect` names a row that is not there. */
export function notConnected(
  type: string,
  place: readonly (string | number)[],
  path: FailedWrite['path'],
  cause?: unknown,
): RequestError {
  const message = `There is no such ${type} to connect.`;
  return new RequestError('NOT_FOUND', message, {
    issues: [{ path: place, message }],
    path,
    cause,
  });
}

function inWords(fields: readonly string[]): string {
  return fields.length < 2
    ? fields.join()
    : `${fields.slice(0, -1).join(', ')} and ${fields.at(-1) ?? ''}`;
}
