import { batchJson, returningOf, type AnswerShape } from './answer.ts';
import { readBackPart } from './parts/find.ts';
import type { TableShape } from './table-shape.ts';
import type { Rows } from '../sql/statement-runner.ts';
import type { WriteSession } from './write-session.ts';

/** What is known of the rows that a root field wrote. */
export interface WrittenRows {
  /** In the order of the answer. */
  readonly ids: readonly string[];
  /** Each row's id and answers, in any order; null where they have to be read back. */
  readonly rows: Rows | null;
}

interface Answering {
  readonly shape: TableShape;
  readonly answer: AnswerShape;
}

/** The JSON of the root field. */
export async function answerWritten(
  session: WriteSession,
  { shape, answer }: Answering,
  { ids, rows }: WrittenRows,
): Promise<string> {
  const answers =
    answer.rows.length === 0 || ids.length === 0
      ? []
      : inOrder(ids, rows ?? (await readBack(session, { shape, answer }, ids)));
  if (answer.batch !== null) return batchJson(answer.batch, ids.length, answers);
  return onlyRow(answers);
}

/** The JSON of a field that answers one row, from a statement that returned nothing else. */
export function onlyRow(rows: Rows): string {
  const json = rows[0]?.[0] ?? null;
  if (json === null) throw new Error('A row that was written is not there.');
  return json;
}

function readBack(session: WriteSession, { shape, answer }: Answering, ids: readonly string[]) {
  return session.run(readBackPart(shape, ids, returningOf('ROW', shape, answer)));
}

function inOrder(ids: readonly string[], rows: Rows): Rows {
  const byId = new Map(rows.map(([id, ...answers]) => [id, answers]));
  return ids.flatMap((id) => {
    const answers = byId.get(id);
    return answers === undefined ? [] : [answers];
  });
}
