import { modelKeyOf, type ModelKey } from '../../engine/schema.ts';
import type { Compute } from '../compute/tasks.ts';
import { hashOfSdl, projectSchema } from '../projects/project-schema.ts';
import { NoChangeLog, type ChangeLog } from './change-log.ts';

/** The row whose logged changes are erased. */
export interface ErasedRow {
  /** The name of a model in the applied SDL. */
  readonly model: string;
  /** The values of all key fields, by their names in the API. */
  readonly key: Readonly<Record<string, unknown>>;
}

/** The row cannot be identified. */
export class ErasedRowError extends Error {
  override readonly name = 'ErasedRowError';
  readonly member: 'model' | 'key';

  constructor(member: 'model' | 'key', message: string) {
    super(message);
    this.member = member;
  }
}

/**
 * Blanks the old and new values of a row in the change log of a project. The operations and the key stay.
 * @returns the number of changes, 0 if there is no change log
 * @throws ErasedRowError, the errors of `ComputeThread.run`, or the error of the database
 */
export type ChangeEraser = (
  project: { readonly ref: string; readonly sdl: string },
  row: ErasedRow,
) => Promise<number>;

/** The number of characters of SDL that are read on the main thread. They take a few milliseconds. */
const maxLengthHere = 4_000;

export function createChangeEraser(compute: Compute, log: Pick<ChangeLog, 'erase'>): ChangeEraser {
  return async ({ ref, sdl }, { model, key }) => {
    const schema = { sdl, hash: hashOfSdl(sdl) };
    const found =
      sdl.length <= maxLengthHere
        ? modelKeyOf(projectSchema(sdl, schema.hash).model(), model)
        : await compute.run('readModelKey', { owner: ref, input: { schema, model } });
    if (found === null) {
      throw new ErasedRowError('model', `There is no model with the name ${model}.`);
    }
    const byColumn = keyByColumn(found, key);
    try {
      const erased = await log.erase(ref, found.table, byColumn);
      if (erased === null) {
        throw new ErasedRowError('key', 'A value is not one that its field can have.');
      }
      return erased;
    } catch (error) {
      if (error instanceof NoChangeLog) return 0;
      throw error;
    }
  };
}

/** @throws ErasedRowError unless the key has a value for each field of the key, and no others */
function keyByColumn(
  { columns }: ModelKey,
  key: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = columns.map(({ name }) => name);
  const isComplete =
    Object.keys(key).length === names.length &&
    names.every((name) => Object.hasOwn(key, name) && isKeyValue(key[name]));
  if (!isComplete) {
    throw new ErasedRowError(
      'key',
      `The key must be an object with the values of ${names.join(' and ')}.`,
    );
  }
  return Object.fromEntries(columns.map(({ name, column }) => [column, key[name]]));
}

const isKeyValue = (value: unknown): boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);
