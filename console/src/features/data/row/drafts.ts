import * as z from 'zod/mini';

import type { JsonObject, JsonValue } from '#console/domain/models/json.ts';
import type {
  ModelField,
  Model,
  ToOneField,
  ValueField,
} from '#console/domain/models/project-models.ts';
import { isRowId, keyValuesOf, uniqueWhere } from '#console/domain/models/row-key.ts';
import { readField, writeField } from '#console/domain/models/values.ts';
import { ApiError, isApiError } from '#console/lib/api/errors.ts';

import { referenceOf, type Row } from '#console/domain/models/rows.ts';

/** The state of one control: empty, null, or text to parse. The text of a relation is the ID of the related row. */
export type Draft =
  | { readonly state: 'UNSET' }
  | { readonly state: 'NULL' }
  | { readonly state: 'VALUE'; readonly text: string };

/** Drafts by field name. */
export type Drafts = Record<string, Draft | undefined>;

export type WritableField = ValueField | ToOneField;
export type Writing = 'CREATE' | 'UPDATE';

export const unset: Draft = { state: 'UNSET' };
export const noValue: Draft = { state: 'NULL' };
export const textDraft = (text: string): Draft => ({ state: 'VALUE', text });

/** A key that the API generates is the last field of a new row, because few users set it. */
export function writableFields(model: Model, writing: Writing): readonly WritableField[] {
  const fields = model.fields.filter((field): field is WritableField => {
    if (field.kind === 'TO_MANY' || field.kind === 'KEY') return false;
    if (writing === 'UPDATE') return field.isUpdatable;
    return field.kind === 'VALUE' ? field.create !== null : field.isCreatable;
  });
  const isGenerated = (field: WritableField) =>
    field.kind === 'VALUE' && field.isId && !mustBeGiven(field);
  return [...fields.filter((field) => !isGenerated(field)), ...fields.filter(isGenerated)];
}

export const isNullable = (field: WritableField): boolean => !field.isRequired;

/** Whether a new row needs a value for the field. */
export const mustBeGiven = (field: WritableField): boolean =>
  field.kind === 'VALUE' ? field.create?.mustBeGiven === true : field.isRequired;

/** The draft for a cleared control. Not used for strings, because a string can be empty. */
export function emptyDraft(field: WritableField, writing: Writing): Draft {
  if (writing === 'UPDATE') return isNullable(field) ? noValue : unset;
  return unset;
}

export function draftOf(field: WritableField, row: Row): Draft {
  const value = row[field.name] ?? null;
  if (field.kind === 'VALUE') return value === null ? noValue : textDraft(writeField(field, value));
  const reference = referenceOf(value);
  return reference === null ? noValue : textDraft(reference.id);
}

export interface DraftProblem {
  readonly name: string;
  readonly message: string;
}

/** Converts drafts to the `data` argument of a mutation. An update includes only the changed fields. */
export function dataOf(
  fields: readonly WritableField[],
  drafts: Drafts,
  before: Drafts | null,
): { readonly data: JsonObject; readonly problems: readonly DraftProblem[] } {
  const data: Record<string, JsonValue> = {};
  const problems: DraftProblem[] = [];
  for (const field of fields) {
    const { name } = field;
    const draft = drafts[name] ?? unset;
    if (before !== null && isSame(draft, before[name] ?? unset)) continue;
    const reading = readDraft(field, draft, before === null ? 'CREATE' : 'UPDATE');
    if (reading === null) continue;
    if (reading.isOk) Object.assign(data, reading.data);
    else problems.push({ name, message: reading.problem });
  }
  return { data, problems };
}

const isSame = (one: Draft, other: Draft): boolean =>
  one.state === other.state &&
  (one.state !== 'VALUE' || other.state !== 'VALUE' || one.text === other.text);

/** The part of `data` that writes one field, or an error message. */
type DraftReading =
  | { readonly isOk: true; readonly data: JsonObject }
  | { readonly isOk: false; readonly problem: string };

const missing: DraftReading = { isOk: false, problem: 'This field is required.' };

/** Converts a draft to data or an error message; null if the field is left out of the mutation. */
function readDraft(field: WritableField, draft: Draft, writing: Writing): DraftReading | null {
  if (draft.state === 'UNSET') return writing === 'UPDATE' || mustBeGiven(field) ? missing : null;
  if (draft.state === 'NULL' && !isNullable(field)) return missing;
  const text = draft.state === 'NULL' ? null : draft.text;
  if (field.kind === 'TO_ONE') return readRelation(field, text, writing);
  if (text === null) return { isOk: true, data: { [field.name]: null } };
  const reading = readField(field, text);
  return reading.isOk ? { isOk: true, data: { [field.name]: reading.value } } : reading;
}

/** @param row the ID of the related row */
function readRelation(
  { name, foreignKey, targetKey }: ToOneField,
  row: string | null,
  writing: Writing,
): DraftReading | null {
  if (row !== null && !isRowId(targetKey, row)) return { isOk: false, problem: 'Choose a row.' };
  if (foreignKey?.hasKey === true) {
    const values = row === null ? [] : keyValuesOf(targetKey, row);
    const inputs = foreignKey.fields.map((field, index) => [field.name, values[index] ?? null]);
    return { isOk: true, data: Object.fromEntries(inputs) as JsonObject };
  }
  if (row !== null) {
    return { isOk: true, data: { [name]: { connect: uniqueWhere(targetKey, row) } } };
  }
  return writing === 'CREATE' ? null : { isOk: true, data: { [name]: { disconnect: true } } };
}

/** A Zod schema for a form that converts drafts to `data`. */
export const draftsSchema = (fields: readonly WritableField[], before: Drafts | null) =>
  z.pipe(
    z.custom<Drafts>(() => true),
    z.transform((drafts: Drafts, { issues }): JsonObject => {
      const { data, problems } = dataOf(fields, drafts, before);
      for (const { name, message } of problems) {
        issues.push({ code: 'custom', path: [name], message, input: drafts });
      }
      return data;
    }),
  );

/**
 * Maps the issue paths in project API errors to control names: `row.data.title` and `title` become `title`, and a
 * foreign key field becomes its relation.
 *
 * @param below the path of the row inside the data, if the mutation writes it through a relation
 */
export async function withPlaces<T>(
  model: Model,
  writing: Promise<T>,
  below: readonly string[] = [],
): Promise<T> {
  try {
    return await writing;
  } catch (error) {
    if (!isApiError(error) || error.issues.length === 0) throw error;
    const issues = error.issues.map(({ path, message }) => {
      const inData = path.slice(path.indexOf('data') + 1);
      const isBelow = below.every((each, index) => inData[index] === each);
      const [first = '', ...rest] = inData.slice(isBelow ? below.length : 0);
      return { path: [controlNamed(model.fields, first), ...rest], message };
    });
    throw new ApiError(error.code, error.message, {
      requestId: error.requestId,
      retryAfterSeconds: error.retryAfterSeconds,
      issues,
      cause: error,
    });
  }
}

const controlNamed = (fields: readonly ModelField[], name: string): string =>
  fields.find(
    (field) =>
      field.kind === 'TO_ONE' && field.foreignKey?.fields.some((key) => key.name === name) === true,
  )?.name ?? name;
