import type { ProjectApi } from '../api/project-api.ts';
import { operationErrors } from '../errors.ts';
import type { MutationField, Parameter, Variables } from '../queries/plan.ts';
import type { Decision } from '../rules/explain/tried-rules.ts';
import { renderTemplate, textOf, type Sql } from '../sql/sql.ts';
import {
  columnText,
  nullableText,
  type PgValue,
  type Rows,
  type StatementRunner,
} from '../sql/statement-runner.ts';
import type { CreatedRows } from './created-rows.ts';
import type { FieldInput } from './input-reader.ts';
import { storedCell } from './row-ref.ts';
import { nameable } from './ruled/write-rules.ts';
import type { RowFilter } from './statements/change.ts';
import { lookupGroups, lookUpRows } from './statements/lookup.ts';
import { StatementCache, type WriteStatement } from './statements/statement.ts';

export interface WriteEnvironment {
  readonly api: ProjectApi;
  readonly runner: StatementRunner;
  /** The name of the project's schema: `p_…`. */
  readonly schema: string;
  readonly extent: Extent;
  /** If given, the rules that decide about the rows of the write are added. */
  readonly decisions?: Decision[] | undefined;
}

/** Whether a mutation is a single statement or a transaction. */
export type Extent = 'ONE_STATEMENT' | 'TRANSACTION';

/** Runs the statements of a root field. */
export class WriteSession {
  readonly api: ProjectApi;
  readonly field: MutationField;
  /** The path to the root field in the response. */
  readonly path: readonly [string];
  readonly #runner: StatementRunner;
  readonly #schema: string;
  readonly #variables: Variables;
  readonly #statements: StatementCache;
  /** What to return so that the row's JSON is the whole result. A single statement cannot be rolled back afterwards. */
  readonly row: 'ROW' | 'SHORT_ROW';
  readonly extent: Extent;
  readonly decisions: Decision[] | null;

  constructor(
    field: MutationField,
    variables: Variables,
    { api, runner, schema, extent, decisions }: WriteEnvironment,
  ) {
    this.api = api;
    this.field = field;
    this.path = [field.responseKey];
    this.#runner = runner;
    this.#schema = schema;
    this.#variables = variables;
    this.#statements = statementsOf(field);
    this.extent = extent;
    this.decisions = decisions ?? null;
    this.row = extent === 'ONE_STATEMENT' ? 'SHORT_ROW' : 'ROW';
  }

  run(statement: WriteStatement): Promise<Rows> {
    return this.#runner.run(this.#statements.bind(statement, this.#schema, this.#variables));
  }

  /** Runs a statement whose text is not cached. */
  runOnce(statement: Sql): Promise<Rows> {
    const { chunks, values } = renderTemplate(statement);
    return this.#runner.run({
      text: textOf({ chunks }, this.#schema),
      // The filter of the field contains parameters. All other values are constants.
      values: values.map((value) =>
        typeof value === 'function' ? (value as Parameter)(this.#variables) : (value as PgValue),
      ),
      once: true,
    });
  }

  /** The condition from the `where` argument of the field. */
  get where(): Sql {
    const { where } = this.field;
    if (where === null) throw new Error('This field has no filter.');
    return where;
  }

  get filter(): RowFilter {
    return { kind: 'CONDITION', condition: this.where };
  }

  /**
   * Finds all rows that the input identifies by a key which does not contain the columns that are needed. If a row does
   * not exist yet, it is one of the rows that the root field creates.
   * @throws OperationError `NOT_FOUND` if a row does not exist and is not optional, or `BAD_USER_INPUT` if it is not the
   *   row that the input must contain
   */
  async lookUp({ lookups, expected }: FieldInput, created: CreatedRows): Promise<void> {
    if (lookups.length === 0) return;
    const { api } = this;
    const groups = lookupGroups(lookups, ({ type }, { columns }) =>
      api.access.rules === null ? null : nameable(api, type, columns),
    );
    for (const found of await this.run(lookUpRows(groups))) {
      const group = groups[Number(columnText(found, 0))];
      const row = group?.rows[Number(columnText(found, 1))];
      row?.find(group?.table.identity.map((_, index) => nullableText(found, index + 2)) ?? []);
    }
    for (const row of lookups) {
      if (row.isFound) continue;
      const other = created.find(row);
      if (other !== null) row.find(other);
      else if (!row.isOptional) {
        const { table, location } = row;
        throw operationErrors.notConnected(table.type.name, location.path, { path: this.path });
      }
    }
    for (const { cell, column, value, location } of expected) {
      const { codec } = column;
      if (codec.canonical(storedCell(column, cell)) === codec.canonical(value)) continue;
      throw operationErrors.otherRow(location.path, { path: this.path });
    }
  }
}

/** Cached SQL strings live as long as the operation's mutation plan. */
const caches = new WeakMap<MutationField, StatementCache>();

export function statementsOf(field: MutationField): StatementCache {
  const known = caches.get(field);
  if (known !== undefined) return known;
  const cache = new StatementCache();
  caches.set(field, cache);
  return cache;
}
