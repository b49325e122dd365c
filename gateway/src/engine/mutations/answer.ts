import { bytesOf, ByteList } from '../../platform/bytes.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { BatchPart, MutationField, RowSelection } from '../queries/plan.ts';
import { commaList, sql, type Sql } from '../sql/sql.ts';
import type { Rows } from '../sql/statement-runner.ts';
import { returnNothing, type Returning } from './statements/insert.ts';
import { asTexts } from './statements/rows.ts';
import type { WritableTable } from './writable-table.ts';

/** The result of a root field that writes rows. */
export interface Answer {
  /** How to read a row as JSON, for each selected field that returns rows. Empty if only a count is selected. */
  readonly rows: readonly RowSelection[];
  /** The selected fields of a batch's result. Null if the root field writes a single row. */
  readonly batch: readonly BatchPart[] | null;
  /** Whether the write's RETURNING clause can compute the whole result. */
  readonly ownColumnsOnly: boolean;
  /** The select lists that statements can return. They are created once, because they are part of a statement's key. */
  readonly returning: Readonly<Record<ReturnedColumns, Returning>>;
}

/**
 * KEY: the columns of `WritableTable.identity`. SHORT_ROW: like ROW, but the statement fails if the row's JSON is long
 * (see `LongAnswer`).
 */
export type ReturnedColumns = 'NOTHING' | 'KEY' | 'ROW' | 'SHORT_ROW' | 'KEY_AND_ROW';

/**
 * Fails with SQLSTATE 22001 if the JSON has more than 65,536 characters. PostgreSQL calls this function when it stores a
 * value in a column of type `varchar(65536)`. The second argument is the type modifier, which is the length plus 4.
 */
const short = (json: Sql): Sql => sql`pg_catalog.varchar((${json})::text, 65540, false)`;

const answers = new WeakMap<MutationField, Answer>();

export function answerOf(field: MutationField, table: WritableTable): Answer {
  const known = answers.get(field);
  if (known !== undefined) return known;
  const answer = createAnswer(field.selection, table);
  answers.set(field, answer);
  return answer;
}

function createAnswer(selection: RowSelection, { identity }: WritableTable): Answer {
  const { batch } = selection;
  const rows =
    batch === null
      ? [selection]
      : batch.flatMap((part) => (part.kind === 'NODES' ? [part.row] : []));
  const key = () => asTexts(identity);
  const json = () => rows.map((row) => row.json);
  return {
    rows,
    batch,
    ownColumnsOnly: rows.every(({ ownColumnsOnly }) => ownColumnsOnly),
    returning: {
      NOTHING: returnNothing,
      KEY: { list: key },
      ROW: { list: () => commaList(json()) },
      SHORT_ROW: { list: () => commaList(json().map(short)) },
      KEY_AND_ROW: { list: () => commaList([key(), ...json()]) },
    },
  };
}

/** The JSON of a single row, from a statement that returns only this JSON. */
export function onlyRow(rows: Rows): ByteList {
  const json = rows[0]?.[0] ?? null;
  if (json === null) throw new Error('The statement did not return the written row.');
  return new ByteList().add(json);
}

/**
 * @param rows the JSON values of each row, one for each entry of `Answer.rows`
 * @returns `{"count":2,"nodes":[{…},{…}]}`
 */
export function batchJson(parts: readonly BatchPart[], count: number, rows: Rows): ByteList {
  const json = new ByteList().add(objectStart);
  let columns = 0;
  parts.forEach((part, index) => {
    json.add(bytesOf(`${index === 0 ? '' : ','}${JSON.stringify(part.responseKey)}:`));
    switch (part.kind) {
      case 'COUNT':
        json.add(bytesOf(String(count)));
        return;
      case 'TYPENAME':
        json.add(bytesOf(part.json));
        return;
      case 'NODES':
        addColumn(json, rows, columns);
        columns += 1;
        return;
      default:
        assertNever(part);
    }
  });
  return json.add(objectEnd);
}

function addColumn(json: ByteList, rows: Rows, column: number): void {
  json.add(listStart);
  rows.forEach((row, index) => {
    if (index > 0) json.add(comma);
    json.add(row[column] ?? nullJson);
  });
  json.add(listEnd);
}

const objectStart = bytesOf('{');
const objectEnd = bytesOf('}');
const listStart = bytesOf('[');
const listEnd = bytesOf(']');
const comma = bytesOf(',');
const nullJson = bytesOf('null');
