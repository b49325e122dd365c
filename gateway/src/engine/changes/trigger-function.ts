import { ident, literal, renderStandalone, sql, type Sql } from '../sql/sql.ts';
import { changeLogLimits, systemNames } from './system-names.ts';

/**
 * The function of the triggers that log changes, and the functions that it calls. The arguments of a trigger are the
 * columns of the key. The function runs with the privileges of the gateway's role, because project roles have no access
 * to the log. Its settings make the text of values independent of the session.
 *
 * Statements that are prepared anew for each row are slow to start, so what most rows do not need is in functions of
 * its own. Values are compared as text, because `1.5` and `1.50` are the same number in `jsonb`. Rows are converted
 * under the alias `$row`, which no column can have.
 */
export function createTriggerFunctions(schema: string): readonly Sql[] {
  return [...createValueFunctions(schema), createTriggerFunction(schema)];
}

function createTriggerFunction(schema: string): Sql {
  const changes = ident(schema, systemNames.changes);
  return sql`CREATE OR REPLACE FUNCTION ${ident(schema, systemNames.logFunction)}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET extra_float_digits = 1 SET bytea_output = 'hex'
AS $function$
#variable_conflict use_column
DECLARE
  _rows bigint;
  _old jsonb;
  _new jsonb;
BEGIN
  -- Only the gateway can write the marker of an apply, so the setting alone does not switch the triggers off.
  IF current_setting(${literal(systemNames.applySetting)}, true) = 'on' AND EXISTS (
    SELECT FROM ${changes} AS c WHERE c.xid = pg_current_xact_id() AND c.operation = 'M'
  ) THEN
    RETURN NULL;
  END IF;
  IF TG_OP = 'INSERT' THEN
    ${logged(schema, 'I', sql`new`, sql`"$new"`)};
  ELSIF TG_OP = 'DELETE' THEN
    ${logged(schema, 'D', sql`old`, sql`"$old"`)};
  ELSIF TG_OP = 'UPDATE' THEN
    SELECT count(*) INTO _rows FROM "$new";
    IF _rows = 1 THEN
      SELECT to_jsonb("$row") INTO _old FROM "$old" AS "$row";
      SELECT to_jsonb("$row") INTO _new FROM "$new" AS "$row";
      IF _old::text = _new::text THEN
        RETURN NULL;
      END IF;
    END IF;
    IF _rows = 1 AND ${keyOf(schema, sql`_old`, sql`TG_ARGV`)} = ${keyOf(schema, sql`_new`, sql`TG_ARGV`)} THEN
      INSERT INTO ${changes} (xid, seq, source, operation, key, changed, old, new, left_out)
        VALUES (pg_current_xact_id(), ${nextNumber(schema)}, TG_TABLE_NAME, 'U', ${keyOf(schema, sql`_new`, sql`TG_ARGV`)},
          ${call(schema, 'changedFunction', sql`_old, _new`)}, ${shortValues(schema, sql`_old`)}, ${shortValues(schema, sql`_new`)},
          ${longValues(schema, sql`_old`)} || ${longValues(schema, sql`_new`)});
    ELSIF _rows > 0 THEN
      EXECUTE ${literal(renderStandalone(updated(schema)))} USING TG_TABLE_NAME::text, TG_ARGV, _rows > ${most};
    END IF;
  ELSE
    INSERT INTO ${changes} (xid, seq, source, operation)
      VALUES (pg_current_xact_id(), ${nextNumber(schema)}, TG_TABLE_NAME, 'R');
  END IF;
  RETURN NULL;
END
$function$`;
}

/** The next number of the log. */
export function nextNumber(schema: string): Sql {
  return sql`nextval(${literal(renderStandalone(ident(schema, systemNames.sequence)))})`;
}

const most = literal(changeLogLimits.imagesPerStatement);
const mostBytes = literal(changeLogLimits.valueBytes);

/** Logs inserted or deleted rows. `OFFSET 0` makes PostgreSQL convert each row only once. */
function logged(schema: string, operation: 'I' | 'D', image: Sql, transition: Sql): Sql {
  const many = sql`(SELECT count(*) FROM ${transition}) > ${most}`;
  return sql`INSERT INTO ${ident(schema, systemNames.changes)} (xid, seq, source, operation, key, ${image}, left_out)
      SELECT pg_current_xact_id(), ${nextNumber(schema)}, TG_TABLE_NAME, ${literal(operation)}, ${keyOf(schema, sql`r.image`, sql`TG_ARGV`)},
        CASE WHEN ${many} THEN NULL ELSE ${shortValues(schema, sql`r.image`)} END,
        CASE WHEN ${many} THEN ARRAY['*'] ELSE ${longValues(schema, sql`r.image`)} END
      FROM (SELECT to_jsonb("$row") AS image FROM ${transition} AS "$row" OFFSET 0) AS r`;
}

/**
 * Logs updated rows, with the name of the table, the columns of the key and whether there are many rows as parameters.
 *
 * PostgreSQL appends the old and the new version of a row to the transition tables at the same time, so the rows at the
 * same position belong together. Matching them by key would be wrong for a statement that updates a row twice, such as
 * one with two cascades. A change of the key is a deletion and an insertion. All deletions come first, because a row can
 * get the former key of another.
 */
function updated(schema: string): Sql {
  const [old, next, many] = [sql`c.old`, sql`c.new`, sql`$3`];
  const rowsOf = (transition: Sql, name: Sql) =>
    sql`SELECT row_number() OVER () AS n, to_jsonb("$row") AS ${name} FROM ${transition} AS "$row"`;
  return sql`INSERT INTO ${ident(schema, systemNames.changes)} (xid, seq, source, operation, key, changed, old, new, left_out)
      SELECT pg_current_xact_id(), ${nextNumber(schema)}, $1, c.operation::"char",
        CASE c.operation WHEN 'D' THEN c.old_key ELSE c.new_key END,
        CASE WHEN c.operation = 'U' AND NOT ${many} THEN ${call(schema, 'changedFunction', sql`${old}, ${next}`)} END,
        CASE WHEN c.operation <> 'I' AND NOT ${many} THEN ${shortValues(schema, old)} END,
        CASE WHEN c.operation <> 'D' AND NOT ${many} THEN ${shortValues(schema, next)} END,
        CASE WHEN ${many} THEN ARRAY['*'] ELSE
          CASE WHEN c.operation <> 'I' THEN ${longValues(schema, old)} END || CASE WHEN c.operation <> 'D' THEN ${longValues(schema, next)} END
        END
      FROM (
        SELECT p.*, o.operation FROM (
          SELECT n, old, new, ${keyOf(schema, sql`old`, sql`$2`)} AS old_key, ${keyOf(schema, sql`new`, sql`$2`)} AS new_key
          FROM (${rowsOf(sql`"$old"`, sql`old`)}) AS o JOIN (${rowsOf(sql`"$new"`, sql`new`)}) AS r USING (n)
          WHERE old::text <> new::text OFFSET 0
        ) AS p CROSS JOIN LATERAL unnest(CASE WHEN p.old_key = p.new_key THEN ARRAY['U'] ELSE ARRAY['D', 'I'] END) AS o (operation)
        ORDER BY o.operation = 'I', p.n
      ) AS c`;
}

function keyOf(schema: string, image: Sql, columns: Sql): Sql {
  const first = sql`(${columns})[array_lower(${columns}, 1)]`;
  // Without the parentheses, the condition of an IF would end at THEN.
  return sql`(CASE WHEN array_length(${columns}, 1) = 1 THEN jsonb_build_object(${first}, ${image} -> ${first}) ELSE ${call(schema, 'keyFunction', sql`${image}, ${columns}`)} END)`;
}

function isShort(image: Sql): Sql {
  return sql`pg_column_size(${image}) <= ${mostBytes}`;
}

/** The values that are short enough for the log. */
function shortValues(schema: string, image: Sql): Sql {
  return sql`CASE WHEN ${isShort(image)} THEN ${image} ELSE ${call(schema, 'shortFunction', image)} END`;
}

/** The columns of the other values. Null if there are none. */
function longValues(schema: string, image: Sql): Sql {
  return sql`CASE WHEN ${isShort(image)} THEN NULL ELSE ${call(schema, 'longFunction', image)} END`;
}

type ValueFunction = 'keyFunction' | 'changedFunction' | 'shortFunction' | 'longFunction';

function call(schema: string, name: ValueFunction, parameters: Sql): Sql {
  return sql`${ident(schema, systemNames[name])}(${parameters})`;
}

function createValueFunctions(schema: string): readonly Sql[] {
  const create = (name: ValueFunction, parameters: Sql, type: Sql, value: Sql) =>
    sql`CREATE OR REPLACE FUNCTION ${call(schema, name, parameters)} RETURNS ${type} LANGUAGE plpgsql IMMUTABLE AS $function$
BEGIN
  RETURN (${value});
END
$function$`;
  return [
    create(
      'keyFunction',
      sql`image jsonb, columns text[]`,
      sql`jsonb`,
      sql`SELECT jsonb_object_agg(c, image -> c) FROM unnest(columns) AS c`,
    ),
    create(
      'changedFunction',
      sql`before jsonb, after jsonb`,
      sql`text[]`,
      sql`SELECT array_agg(e.key) FROM jsonb_each(after) AS e WHERE e.value::text IS DISTINCT FROM (before -> e.key)::text`,
    ),
    create(
      'shortFunction',
      sql`image jsonb`,
      sql`jsonb`,
      sql`SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(image) AS e WHERE pg_column_size(e.value) <= ${mostBytes}`,
    ),
    create(
      'longFunction',
      sql`image jsonb`,
      sql`text[]`,
      sql`SELECT array_agg(e.key) FROM jsonb_each(image) AS e WHERE pg_column_size(e.value) > ${mostBytes}`,
    ),
  ];
}
