import { nullableText } from '../../sql/statement-runner.ts';
import { commaList, sql, type Sql } from '../../sql/sql.ts';
import { CreatedRows } from '../created-rows.ts';
import type { FieldInput } from '../input-reader.ts';
import { defineStatement } from '../statements/statement.ts';
import type { WriteSession } from '../write-session.ts';
import { callerValue } from './write-rules.ts';

/**
 * Reads what the rows of an input need: the presets that are fields of the caller's row, those that are the time and a
 * part of a key, and the rows that the input names. A row that the same root field creates does not exist yet, so it
 * cannot be named.
 * @throws OperationError `NOT_FOUND`
 */
export async function prepareInput(session: WriteSession, input: FieldInput): Promise<void> {
  const cells = input.presets?.pending.splice(0) ?? [];
  if (cells.length > 0) {
    const values = cells.map(({ userField, column }) =>
      userField === null ? sql`now()::${column.sqlType}` : callerValue(session.api, userField),
    );
    const [row] = await session.run(readCaller({ values }, []));
    cells.forEach(({ cell }, index) => cell.set(nullableText(row, index)));
  }
  await session.lookUp(input, new CreatedRows([]));
}

interface CallerStructure {
  readonly values: readonly Sql[];
}

export const readCaller = defineStatement(
  ({ values }: CallerStructure) =>
    sql`SELECT ${commaList(values.map((each) => sql`${each}::text`))}`,
);
