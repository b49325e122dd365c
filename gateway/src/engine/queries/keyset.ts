import { commaList, sql, type Sql } from '../sql/sql.ts';
import { columnOf, typedParam } from './column.ts';
import type { OrderKey } from './order.ts';
import type { Parameter } from './statement.ts';

/** A place in an order: for each of its keys the value there. */
export interface Place {
  readonly keys: readonly OrderKey[];
  /** There may be more, of keys that nothing depends on. */
  readonly values: readonly Parameter[];
  /** Does the place itself count too? */
  readonly inclusive: boolean;
}

interface Step {
  readonly key: OrderKey;
  readonly column: Sql;
  readonly value: Sql;
}

/**
 * Is a row beyond the place, in the direction of the order? One row comparison where that says it, since
 * indexes can answer it: `("t1"."a", "t1"."id") > ($1, $2)`; else key by key.
 */
export function beyond({ keys, values, inclusive }: Place): Sql {
  const steps = keys.map((key, index): Step => {
    const parameter = values[index];
    if (parameter === undefined) throw new Error('A place has a value for each key.');
    return {
      key,
      column: columnOf(key.alias, key.column.name),
      value: typedParam(key.column, parameter),
    };
  });
  const [first] = steps;
  if (first === undefined) throw new Error('An order has a key.');
  if (keys.every((key) => !key.nullable && key.descending === first.key.descending)) {
    const operator = comparison(first.key, inclusive);
    return steps.length === 1
      ? sql`${first.column} ${operator} ${first.value}`
      : sql`(${commaList(steps.map(({ column }) => column))}) ${operator} (${commaList(steps.map(({ value }) => value))})`;
  }
  const stepwise = keyByKey(steps, inclusive);
  // Says nothing new, but is what an index on the first key can start from.
  return first.key.nullable
    ? sql`(${stepwise})`
    : sql`${first.column} ${comparison(first.key, true)} ${first.value} AND (${stepwise})`;
}

/** `a > $1 OR (a = $1 AND (b < $2 OR (b = $2 AND id > $3)))` */
function keyByKey([step, ...more]: readonly Step[], inclusive: boolean): Sql {
  if (step === undefined) throw new Error('An order has a key.');
  if (more.length === 0) {
    return sql`${step.column} ${comparison(step.key, inclusive)} ${step.value}`;
  }
  const rest = keyByKey(more, inclusive);
  const both = more.length === 1 ? rest : sql`(${rest})`;
  return sql`${isBeyond(step)} OR (${isSame(step)} AND ${both})`;
}

/** Either side may be null; nulls stand before or behind everything else. */
function isBeyond({ key, column, value }: Step): Sql {
  const compared = sql`${column} ${comparison(key, false)} ${value}`;
  if (!key.nullable) return compared;
  return key.nullsFirst
    ? sql`${compared} OR (${column} IS NOT NULL AND ${value} IS NULL)`
    : sql`${compared} OR (${column} IS NULL AND ${value} IS NOT NULL)`;
}

function isSame({ key, column, value }: Step): Sql {
  return key.nullable ? sql`${column} IS NOT DISTINCT FROM ${value}` : sql`${column} = ${value}`;
}

function comparison({ descending }: OrderKey, inclusive: boolean): Sql {
  if (descending) return inclusive ? sql`<=` : sql`<`;
  return inclusive ? sql`>=` : sql`>`;
}
