import * as z from 'zod/mini';

import type { JsonObject, JsonValue } from '#console/domain/models/json.ts';
import type {
  ModelField,
  Model,
  ToOneField,
  ValueField,
} from '#console/domain/models/project-models.ts';
import { readField, readValue, writeField, type Reading } from '#console/domain/models/values.ts';
import { ApiError, isApiError } from '#console/lib/api/errors.ts';

import type { Row } from '../data.queries.ts';
import type { Reference } from '../documents.ts';

/** The state of one control: empty, null, or text to parse. */
export type Draft =
  | { readonly state: 'UNSET' }
  | { readonly state: 'NULL' }
  | { readonly state: 'VALUE'; readonly text: string };

/** Drafts by input field name. A relation is stored under the name of its foreign key field. */
export type Drafts = Record<string, Draft | undefined>;

export type WritableField = ValueField | ToOneField;
export type Writing = 'CREATE' | 'UPDATE';

export const unset: Draft = { state: 'UNSET' };
export const noValue: Draft = { state: 'NULL' };
export const textDraft = (text: string): Draft => ({ state: 'VALUE', text });

/** The ID of a new row is the last field, because few users set it. */
export function writableFields(model: Model, writing: Writing): readonly WritableField[] {
  const fields = model.fields.filter((field): field is WritableField => {
    if (field.kind === 'TO_MANY') return false;
    if (writing === 'UPDATE') return field.isUpdatable;
    return field.kind === 'VALUE' ? field.create !== null : field.isCreatable;
  });
  const isId = (field: WritableField) => field.kind === 'VALUE' && field.isId;
  return [...fields.filter((field) => !isId(field)), ...fields.filter(isId)];
}

/** The name of the input field. A relation can be written only on its owning side, through its foreign key field. */
export const inputName = (field: WritableField): string =>
  field.kind === 'VALUE' ? field.name : (field.key ?? field.name);

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
  if (value === null) return noValue;
  // All documents select a to-one relation as a `Reference`.
  if (field.kind === 'TO_ONE') return textDraft((value as unknown as Reference).id);
  return textDraft(writeField(field, value));
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
    const name = inputName(field);
    const draft = drafts[name] ?? unset;
    if (before !== null && isSame(draft, before[name] ?? unset)) continue;
    const reading = readDraft(field, draft, before === null ? 'CREATE' : 'UPDATE');
    if (reading === null) continue;
    if (reading.isOk) data[name] = reading.value;
    else problems.push({ name, message: reading.problem });
  }
  return { data, problems };
}

const isSame = (one: Draft, other: Draft): boolean =>
  one.state === other.state &&
  (one.state !== 'VALUE' || other.state !== 'VALUE' || one.text === other.text);

const missing: Reading = { isOk: false, problem: 'This field is required.' };

/** Converts a draft to a value or an error message; null if the field is left out of the mutation. */
function readDraft(field: WritableField, draft: Draft, writing: Writing): Reading | null {
  switch (draft.state) {
    case 'UNSET':
      return writing === 'UPDATE' || mustBeGiven(field) ? missing : null;
    case 'NULL':
      return isNullable(field) ? { isOk: true, value: null } : missing;
    case 'VALUE':
      return field.kind === 'VALUE'
        ? readField(field, draft.text)
        : readValue({ kind: 'SCALAR', name: 'ID' }, draft.text);
  }
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
 * relation becomes its foreign key field.
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
      return { path: [keyNamed(model.fields, first), ...rest], message };
    });
    throw new ApiError(error.code, error.message, {
      requestId: error.requestId,
      retryAfterSeconds: error.retryAfterSeconds,
      issues,
      cause: error,
    });
  }
}

const keyNamed = (fields: readonly ModelField[], name: string): string => {
  const field = fields.find((each) => each.name === name);
  return field?.kind === 'TO_ONE' ? inputName(field) : name;
};
