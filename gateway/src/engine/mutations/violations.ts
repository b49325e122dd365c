import { assertNever } from '../../platform/assert-never.ts';
import { mayRead, mayReadField, mayWriteField } from '../api/permissions.ts';
import { isOwningSide } from '../api/model-index.ts';
import type { ProjectApi } from '../api/project-api.ts';
import {
  atRow,
  operationErrors,
  type ErrorContext,
  type ErrorPath,
  type OperationError,
} from '../errors.ts';
import { databaseErrorOf, isDataException, type DatabaseError } from '../sql/database-error.ts';
import { constraintIndex, type ConstraintMeaning } from './constraint-index.ts';
import type { Reference } from './draft.ts';
import type { RowsByTable } from './created-rows.ts';
import { locateFailingRow, locateViolation, printedKey } from './failed-row.ts';
import type { InputLocation } from './input-location.ts';
import { writableTable } from './writable-table.ts';

/** The context of a failed write, which is needed to explain the error. */
export interface FailedWrite {
  readonly api: ProjectApi;
  /** The model type of the root field. */
  readonly type: string;
  readonly deletes: boolean;
  /** Rows that were connected by id. */
  readonly references: readonly Reference[];
  /** The new rows of a batch or of a nested input. Empty for a single row, whose location is obvious. */
  readonly created: RowsByTable;
  /** The path to the root field in the response. */
  readonly path: ErrorPath;
}

/**
 * Translates a PostgreSQL error into an API error. The result contains no text from PostgreSQL and no table or column
 * names.
 *
 * @returns null if the request did not cause the error
 */
export function explainWriteError(error: unknown, write: FailedWrite): OperationError | null {
  const reported = databaseErrorOf(error);
  if (reported === null) return null;
  const { sqlState } = reported;
  const context = { path: write.path, cause: error };
  switch (sqlState) {
    case '23505': // unique_violation
    case '23514': // check_violation
    case '23503': // foreign_key_violation
    case '23001': // restrict_violation: reported for RESTRICT since PostgreSQL 18
      return explainViolation(reported, write, context);
    case '23502': // not_null_violation
      return explainNull(reported, write, context);
    case '40001': // serialization_failure
    case '40P01': // deadlock_detected
      return operationErrors.conflict(context);
    case '2200H': // sequence_generator_limit_exceeded
      return operationErrors.keysExhausted(numberedTypes(write), context);
    case '54000': // program_limit_exceeded: an index entry is too large
      return operationErrors.valueTooLongForIndex(context);
    default:
      return isDataException(sqlState) ? operationErrors.valueOutOfRange(context) : null;
  }
}

/** The types of the new rows whose keys come from a sequence. */
function numberedTypes({ api: { index }, type, created }: FailedWrite): readonly string[] {
  const tables = [writableTable(index, index.type(type)), ...created.map(([table]) => table)];
  const names = tables.flatMap((table) => (table.sequence === null ? [] : [table.type.name]));
  return [...new Set(names)];
}

/** Whether a value is too long for `varchar(n)` (string_data_right_truncation). No column has this type. */
export function isTooLongValue(error: unknown): boolean {
  return databaseErrorOf(error)?.sqlState === '22001';
}

/** Whether the error is a unique violation in the table of the given type. */
export function isUniqueViolation(error: unknown, api: ProjectApi, type: string): boolean {
  const reported = databaseErrorOf(error);
  if (reported?.sqlState !== '23505') return false;
  const meaning = meaningOf(reported, api);
  return meaning?.kind === 'UNIQUE' && meaning.type === type;
}

function meaningOf({ constraint }: DatabaseError, { index }: ProjectApi): ConstraintMeaning | null {
  return constraint === null ? null : constraintIndex(index).constraint(constraint);
}

function explainViolation(
  reported: DatabaseError,
  write: FailedWrite,
  context: ErrorContext,
): OperationError | null {
  const known = meaningOf(reported, write.api);
  if (known === null) return null;
  const meaning = known.kind === 'FOREIGN_KEY' ? known : withKnownFields(known, write.api);
  const at = (error: OperationError) =>
    locatedAt(error, locateViolation(meaning, reported, write.created));
  switch (meaning.kind) {
    case 'UNIQUE':
      return at(
        meaning.requiredField === null
          ? operationErrors.notUnique(meaning.type, meaning.fields, context)
          : operationErrors.alreadyTaken(
              meaning.type,
              meaning.requiredField,
              meaning.fields,
              context,
            ),
      );
    case 'CHECK':
      return at(operationErrors.constraintViolated(meaning.type, meaning.fields, context));
    case 'FOREIGN_KEY':
      if (write.deletes) return explainReferences(meaning, write, context);
      return at(explainMissingRow(meaning, reported, write, context));
    default:
      return assertNever(meaning);
  }
}

/** The constraint without fields that the caller's API does not contain. */
function withKnownFields<T extends { readonly type: string; readonly fields: readonly string[] }>(
  meaning: T,
  api: ProjectApi,
): T {
  if (api.access.rules === null) return meaning;
  const type = api.index.type(meaning.type);
  const isKnown = (name: string) => {
    const column = api.index.column(type, name);
    const field = column === null ? name : api.index.fieldOfColumn(type, column.column);
    const written = { type: type.name, field } as const;
    return (
      mayReadField(api, type.name, field) ||
      mayWriteField(api, { ...written, writing: 'CREATE' }) ||
      mayWriteField(api, { ...written, writing: 'UPDATE' })
    );
  };
  return { ...meaning, fields: meaning.fields.filter(isKnown) };
}

/** Explains a NOT NULL violation, which reports a column instead of a constraint. */
function explainNull(
  { table, column, detail }: DatabaseError,
  write: FailedWrite,
  context: ErrorContext,
): OperationError | null {
  const { api, created } = write;
  const field = constraintIndex(api.index).field(table ?? '', column ?? '');
  if (field === null) return null;
  const type = api.index.model.types.find((each) => each.table === table);
  const relation = type?.fields
    .filter(isOwningSide)
    .find(({ key, required }) => required && key.some((each) => each.column === column));
  const meaning = relation === undefined ? null : api.index.relation(relation.relation);
  // An input cannot set a required foreign key to null. The referenced field became null, and the foreign key with it.
  if (meaning?.kind === 'FOREIGN_KEY') return explainReferences(meaning, write, context);
  return locatedAt(
    operationErrors.missingValue(field, context),
    locateFailingRow(type?.name ?? '', detail ?? '', created),
  );
}

/** Adds the location of the row, unless the error already contains a location. */
function locatedAt(error: OperationError, location: InputLocation | null): OperationError {
  return location === null || error.issues !== undefined ? error : atRow(error, location.path);
}

type ForeignKeyMeaning = Extract<ConstraintMeaning, { kind: 'FOREIGN_KEY' }>;

/**
 * Explains why a row cannot be deleted, or a referenced field cannot become null, without mentioning types that the
 * caller is not allowed to read.
 */
function explainReferences(
  {
    owningSide,
    inverseSide,
  }: {
    readonly owningSide: Pick<ForeignKeyMeaning['owningSide'], 'type'>;
    readonly inverseSide: ForeignKeyMeaning['inverseSide'];
  },
  { api, type }: FailedWrite,
  context: ErrorContext,
): OperationError {
  return inverseSide.field !== null && inverseSide.type === type && mayRead(api, owningSide.type)
    ? operationErrors.stillReferenced(type, inverseSide.field, context)
    : operationErrors.stillReferencedByOthers(type, context);
}

function explainMissingRow(
  { relation, owningSide, inverseSide }: ForeignKeyMeaning,
  { detail }: DatabaseError,
  { references }: FailedWrite,
  context: ErrorContext,
): OperationError {
  // The detail is localized, but contains the key in every language: `Key (board_id)=(…) …`.
  const printed = printedKey(detail ?? '');
  const named = references.find((each) => each.relation === relation && each.printed === printed);
  return named === undefined
    ? operationErrors.missingReference(inverseSide.type, owningSide.field, context)
    : operationErrors.notConnected(inverseSide.type, named.location.path, context);
}
