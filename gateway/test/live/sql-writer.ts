import { escapeLiteral } from 'pg';
import type { Model, ValueType } from '../../src/engine/sdl/model.ts';
import { columnsOfType } from '../../src/engine/api/model-index.ts';
import { jsonText } from '../../src/graphql/exact-number.ts';
import { isSampled, samples } from '../oracle/samples.ts';
import type { EngineProject } from '../engine/project.ts';
import type { Tape } from '../oracle/tape.ts';

interface WrittenTable {
  readonly name: string;
  /** The columns, with values of their types as text. */
  readonly columns: readonly { readonly name: string; readonly values: readonly string[] }[];
}

interface DeletedRow {
  readonly table: string;
  readonly row: string;
}

/** Returns values of a type as text. Empty if they have another text in PostgreSQL. */
function valuesOf({ name }: ValueType, list: boolean): readonly string[] {
  if (list || !isSampled(name) || name === 'Bytes') return [];
  return samples[name].map((value) =>
    typeof value === 'string' && name !== 'JSON' ? value : jsonText(value),
  );
}

/** Changes the tables of a project by SQL. Statements that violate a constraint have no effect. */
export class SqlWriter {
  readonly #project: EngineProject;
  readonly #tables: readonly WrittenTable[];
  /** Rows that were deleted, as text. */
  readonly #deleted: DeletedRow[];
  /** The number of statements that were committed. */
  committed = 0;

  /** @param deleted the rows that earlier writers have deleted, which are sometimes inserted again */
  constructor(project: EngineProject, { types, relations }: Model, deleted: DeletedRow[] = []) {
    this.#project = project;
    this.#deleted = deleted;
    const joined = relations.flatMap((relation) =>
      relation.kind === 'JOIN_TABLE' ? [{ name: relation.table, columns: [] }] : [],
    );
    this.#tables = [
      ...types.map((type) => ({
        name: type.table,
        columns: columnsOfType(type).map(({ column, type: of, list }) => ({
          name: column,
          values: valuesOf(of, list),
        })),
      })),
      ...joined,
    ];
  }

  /** Runs a statement, or several in a transaction that is sometimes rolled back. */
  async write(tape: Tape): Promise<void> {
    if (!tape.oneIn(3)) {
      await this.#run(this.#statement(tape));
      return;
    }
    const statements = [this.#statement(tape), this.#statement(tape), this.#statement(tape)];
    const end = tape.oneIn(4) ? 'ROLLBACK' : 'COMMIT';
    await this.#project.query('BEGIN');
    for (const statement of statements) {
      await this.#project.query('SAVEPOINT s');
      if (!(await this.#run(statement))) await this.#project.query('ROLLBACK TO SAVEPOINT s');
    }
    await this.#project.query(end);
  }

  async #run(statement: string): Promise<boolean> {
    try {
      const rows = await this.#project.query(statement);
      for (const { table, row } of rows) {
        this.#deleted.push({ table: String(table), row: String(row) });
      }
      this.committed += 1;
      return true;
    } catch (error) {
      // Class 23 are violated constraints, 22 are values out of range, and 0A000 is TRUNCATE of a referenced table.
      if (
        error instanceof Error &&
        'code' in error &&
        /^(?:23|22|0A000)/.test(String(error.code))
      ) {
        return false;
      }
      throw error;
    }
  }

  #statement(tape: Tape): string {
    const { name, columns } = tape.pick(this.#tables);
    const table = `"${name}"`;
    const row = (offset: number) =>
      `(SELECT ctid FROM ${table} ORDER BY ctid OFFSET ${offset} LIMIT 1)`;
    const isSmall = tape.oneIn(60);
    if (isSmall) return `TRUNCATE ${table}${tape.oneIn(2) ? ' CASCADE' : ''}`;
    if (tape.oneIn(4)) {
      const again = this.#deleted.pop();
      if (again !== undefined) {
        return `INSERT INTO "${again.table}" SELECT (r).* FROM (SELECT ${escapeLiteral(again.row)}::"${again.table}" AS r) AS s`;
      }
    }
    if (columns.length === 0 || tape.oneIn(5)) {
      return `DELETE FROM ${table} AS "$x" WHERE ctid = ${row(tape.below(6))} RETURNING '${name}' AS table, "$x"::text AS row`;
    }
    const { name: column, values } = tape.pick(columns);
    const other = `(SELECT "${column}" FROM ${table} ORDER BY ctid OFFSET ${tape.below(6)} LIMIT 1)`;
    const isCopied = values.length === 0 || tape.oneIn(3);
    const value = isCopied ? other : escapeLiteral(tape.pick(values));
    const where = tape.oneIn(8) ? '' : ` WHERE ctid = ${row(tape.below(6))}`;
    return `UPDATE ${table} SET "${column}" = ${value}${where}`;
  }
}
