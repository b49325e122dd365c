import type { ProjectApi } from '../api/project-api.ts';
import { operationErrors } from '../errors.ts';
import type { MutationField, Variables } from '../queries/plan.ts';
import type { Rows, StatementRunner } from '../sql/statement-runner.ts';
import type { PendingId, RowId } from './draft.ts';
import type { FieldInput } from './input-reader.ts';
import type { RowFilter } from './statements/change.ts';
import { lookupGroups, lookUpRows } from './statements/lookup.ts';
import { StatementCache, type WriteStatement } from './statements/statement.ts';

export interface WriteEnvironment {
  readonly api: ProjectApi;
  readonly runner: StatementRunner;
  /** Of the project: `p_…`. */
  readonly schema: string;
}

/** One root field's write while it runs: its statements, and the ids found so far. */
export class WriteSession {
  readonly api: ProjectApi;
  readonly field: MutationField;
  /** Of the root field, in the answer. */
  readonly path: readonly [string];
  readonly #runner: StatementRunner;
  readonly #schema: string;
  readonly #variables: Variables;
  readonly #statements: StatementCache;
  readonly #found = new Map<PendingId, string>();

  constructor(
    field: MutationField,
    variables: Variables,
    { api, runner, schema }: WriteEnvironment,
  ) {
    this.api = api;
    this.field = field;
    this.path = [field.responseKey];
    this.#runner = runner;
    this.#schema = schema;
    this.#variables = variables;
    this.#statements = statementsOf(field);
  }

  run(statement: WriteStatement): Promise<Rows> {
    return this.#runner.run(this.#statements.bind(statement, this.#schema, this.#variables));
  }

  /** The rows that the field's own `where` names. */
  get filter(): RowFilter {
    const { where } = this.field;
    if (where === null) throw new Error('This field names no rows.');
    return { kind: 'CONDITION', condition: where };
  }

  /** The id of a row that is known by now. */
  readonly idOf = (row: RowId): string => {
    const id = this.idIfFound(row);
    if (id === null) throw new Error('A row was used before it was found.');
    return id;
  };

  /** Null for an optional row that does not exist. */
  idIfFound(row: RowId): string | null {
    return typeof row === 'string' ? row : (this.#found.get(row) ?? null);
  }

  setId(row: PendingId, id: string): void {
    this.#found.set(row, id);
  }

  /** Finds every row that the input names by a key other than its id. @throws OperationError `NOT_FOUND` */
  async lookUp({ lookups }: FieldInput): Promise<void> {
    if (lookups.length === 0) return;
    const groups = lookupGroups(lookups);
    for (const [group, index, id] of await this.run(lookUpRows(groups))) {
      const row = groups[Number(group)]?.rows[Number(index)];
      if (row !== undefined && id != null) this.#found.set(row, id);
    }
    for (const row of lookups) {
      const { lookup } = row;
      if (lookup === null || lookup.optional || this.#found.has(row)) continue;
      const { table, location } = lookup;
      throw operationErrors.notConnected(table.type.name, location.path, { path: this.path });
    }
  }
}

/** Texts are kept as long as the plan of their operation. */
const caches = new WeakMap<MutationField, StatementCache>();

export function statementsOf(field: MutationField): StatementCache {
  const known = caches.get(field);
  if (known !== undefined) return known;
  const cache = new StatementCache();
  caches.set(field, cache);
  return cache;
}
