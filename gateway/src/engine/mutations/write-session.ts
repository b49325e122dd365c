import type { ProjectApi } from '../api/project-api.ts';
import type { MutationField, Variables } from '../queries/plan.ts';
import type { InputReading, PendingId, RowId } from './draft.ts';
import { lookupGroups, lookupPart } from './parts/find.ts';
import { pathOf } from './place.ts';
import { bindPart, createTemplateMemo, type Part, type TemplateMemo } from './template.ts';
import type { Sql } from '../sql/sql.ts';
import { operationErrors, type OperationError } from '../errors.ts';
import type { Rows, StatementRunner } from '../sql/statement-runner.ts';

/** One root field's write while it runs. */
export class WriteSession {
  readonly api: ProjectApi;
  readonly field: MutationField;
  /** Of the root field, in the answer. */
  readonly path: readonly [string];
  readonly #runner: StatementRunner;
  readonly #bind: Parameters<typeof bindPart>[0];
  readonly #found = new Map<PendingId, string>();

  constructor(
    field: MutationField,
    variables: Variables,
    {
      runner,
      schema,
      api,
    }: {
      readonly runner: StatementRunner;
      readonly schema: string;
      readonly api: ProjectApi;
    },
  ) {
    this.api = api;
    this.field = field;
    this.path = [field.responseKey];
    this.#runner = runner;
    this.#bind = { memo: memoOf(field), schema, variables };
  }

  run(part: Part): Promise<Rows> {
    return this.#runner.run(bindPart(this.#bind, part));
  }

  /** The id of a row that is known by now. */
  readonly idOf = (row: RowId): string => {
    const id = typeof row === 'string' ? row : this.#found.get(row);
    if (id === undefined) throw new Error('A row was used before it was found.');
    return id;
  };

  /** Null for what was not there, and need not be. */
  idIfFound(row: RowId): string | null {
    return typeof row === 'string' ? row : (this.#found.get(row) ?? null);
  }

  know(row: PendingId, id: string): void {
    this.#found.set(row, id);
  }

  /** Finds every row that the input names by another key than its id. @throws OperationError `NOT_FOUND` */
  async lookUp({ lookups }: InputReading): Promise<void> {
    if (lookups.length === 0) return;
    const groups = lookupGroups(lookups);
    for (const [group, place, id] of await this.run(lookupPart(groups))) {
      const row = groups[Number(group)]?.rows[Number(place)];
      if (row !== undefined && id != null) this.#found.set(row, id);
    }
    for (const row of lookups) {
      const { lookup } = row;
      if (lookup === null || lookup.optional || this.#found.has(row)) continue;
      throw operationErrors.notConnected(lookup.shape.type.name, pathOf(lookup.place), {
        path: this.path,
      });
    }
  }
}

/** As long as the plan of an operation is kept, so are its writes' texts. */
const memos = new WeakMap<MutationField, TemplateMemo>();

function memoOf(field: MutationField): TemplateMemo {
  const known = memos.get(field);
  if (known !== undefined) return known;
  const memo = createTemplateMemo();
  memos.set(field, memo);
  return memo;
}

/** The condition of a field that names rows. */
export function whereOf({ where }: MutationField): Sql {
  if (where === null) throw new Error('This field names no rows.');
  return where;
}

export function notFound({ field, path }: WriteSession): OperationError {
  return operationErrors.notFound(field.type.name, { path });
}

export function tooManyRows({ path }: WriteSession, atMost: number): OperationError {
  return operationErrors.tooManyRows(atMost, { path });
}
