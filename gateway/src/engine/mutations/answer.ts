import type { BatchPart, RowSelection } from '../queries/plan.ts';
import { commaList, sql } from '../sql/sql.ts';
import type { Returning } from './parts/insert.ts';
import type { TableShape } from './table-shape.ts';

/** What a root field answers of each row that it wrote. */
export interface AnswerShape {
  /** A row's JSON for each place where the answer shows it; none where a batch is only counted. */
  readonly rows: readonly RowSelection[];
  readonly batch: readonly BatchPart[] | null;
  /** Can the write itself return them? */
  readonly ownColumnsOnly: boolean;
}

export function answerShape(selection: RowSelection): AnswerShape {
  const { batch } = selection;
  const rows =
    batch === null
      ? [selection]
      : batch.flatMap((part) => (part.kind === 'NODES' ? [part.row] : []));
  return { rows, batch, ownColumnsOnly: rows.every(({ ownColumnsOnly }) => ownColumnsOnly) };
}

/** `t."id"::text`, the rows' JSON, or both. */
export function returningOf(
  key: Returning['key'],
  { idColumn }: TableShape,
  { rows }: AnswerShape,
): Returning {
  const id = () => sql`t.${idColumn}::text`;
  const json = () => rows.map((row) => row.json);
  switch (key) {
    case '':
      return { key, sql: () => sql`` };
    case 'ID':
      return { key, sql: id };
    case 'ROW':
      return { key, sql: () => commaList(json()) };
    case 'ID_AND_ROW':
      return { key, sql: () => commaList([id(), ...json()]) };
  }
}

/**
 * @param rows for each row the JSON of each of `AnswerShape.rows`
 * @returns `{"count":2,"nodes":[{…},{…}]}`
 */
export function batchJson(
  parts: readonly BatchPart[],
  count: number,
  rows: readonly (readonly (string | null)[])[],
): string {
  let column = -1;
  const members = parts.map((part) => {
    const name = JSON.stringify(part.responseKey);
    switch (part.kind) {
      case 'COUNT':
        return `${name}:${count}`;
      case 'TYPENAME':
        return `${name}:${part.json}`;
      case 'NODES': {
        column += 1;
        const at = column;
        return `${name}:[${rows.map((row) => row[at] ?? 'null').join()}]`;
      }
    }
  });
  return `{${members.join()}}`;
}
