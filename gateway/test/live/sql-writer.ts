import type { Model } from '../../src/engine/sdl/model.ts';
import { columnsOfType } from '../../src/engine/api/model-index.ts';
import type { EngineProject } from '../engine/project.ts';
import type { Tape } from '../oracle/tape.ts';

/** Changes the tables of a project by SQL. Statements that violate a constraint have no effect. */
export class SqlWriter {
  readonly #project: EngineProject;
  readonly #tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  /** The number of statements that were committed. */
  committed = 0;

  constructor(project: EngineProject, { types, relations }: Model) {
    this.#project = project;
    const joined = relations.flatMap((relation) =>
      relation.kind === 'JOIN_TABLE' ? [{ name: relation.table, columns: [] }] : [],
    );
    this.#tables = [
      ...types.map((type) => ({
        name: type.table,
        columns: columnsOfType(type).map(({ column }) => column),
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
      await this.#project.query(statement);
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
    if (columns.length === 0 || tape.oneIn(4)) {
      return `DELETE FROM ${table} WHERE ctid = ${row(tape.below(6))}`;
    }
    const column = `"${tape.pick(columns)}"`;
    const value = `(SELECT ${column} FROM ${table} ORDER BY ctid OFFSET ${tape.below(6)} LIMIT 1)`;
    const where = tape.oneIn(4) ? '' : ` WHERE ctid = ${row(tape.below(6))}`;
    return `UPDATE ${table} SET ${column} = ${value}${where}`;
  }
}
