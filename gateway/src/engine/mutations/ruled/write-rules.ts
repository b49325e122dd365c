import type { ProjectApi } from '../../api/project-api.ts';
import type { Reference } from '../../sdl/access-model.ts';
import type { ModelType } from '../../sdl/model.ts';
import type { Sql } from '../../sql/sql.ts';

/**
 * The conditions that permit a caller to write rows of a type. They are about the alias `t`: a row of the table, or the
 * values that a row will have. They are created once for each API, because they are part of statement keys.
 */
export interface WriteRules {
  /** Whether the caller can read rows of the type at all. If not, answers contain only keys, without a condition. */
  readonly hasReading: boolean;
  readonly readable: Sql;
  readonly creatable: Sql;
  readonly deletable: Sql;
  /** Whether another row can refer to the row. */
  readonly linkable: Sql;
  /** Whether the row can become, or stop being, a side of a many-to-many pair. */
  readonly pairable: Sql;
  readonly update: UpdateRules;
}

/** A row can be updated if it is `permitted` and one of the alternatives holds for both the old and the new values. */
export interface UpdateRules {
  /** The rows that can be updated: readable, with all `@require` and at least one alternative. */
  readonly permitted: Sql;
  /** The `where` of each alternative, about the old values. */
  readonly wheres: readonly Sql[];
  /** The `check` of each alternative, about the new values. */
  readonly checks: readonly Sql[];
  /** What all new values must fulfil. */
  readonly required: Sql;
}

export type { ProjectApi };
export function writeRules(api: ProjectApi, type: ModelType): WriteRules {
  throw new Error(`${api.access.introspect} ${type.name}`);
}
export function both(a: Sql, b: Sql): Sql {
  return b ?? a;
}
export function referenceSql(api: ProjectApi, reference: Reference): Sql {
  throw new Error(`${api.access.introspect} ${reference.of}`);
}
