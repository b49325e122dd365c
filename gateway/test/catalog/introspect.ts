import { canonicalDefault, canonicalExpression } from './canonical-expression.ts';
import {
  byName,
  type CatalogCheck,
  type CatalogColumn,
  type CatalogForeignKey,
  type CatalogKey,
  type CatalogSnapshot,
} from './snapshot.ts';
import type { ProjectNames } from '../../src/engine/migrations/project-names.ts';
import { groupBy } from '../../src/engine/sdl/collections.ts';
import type { SqlClient } from '../../src/platform/db/sql-client.ts';

/**
 * Reads the actual content of a project's schema from `pg_catalog`, independently of models and plans. The result must
 * equal `catalogOf` for the applied model.
 */
export async function introspect(
  client: SqlClient,
  { schema, role }: Pick<ProjectNames, 'schema' | 'role'>,
): Promise<CatalogSnapshot> {
  // The queries run one after another because a connection runs one query at a time.
  const tables = await rows(client, tablesQuery, [schema, role]);
  const columns = groupByTable(await rows(client, columnsQuery, [schema]));
  const sequences = new Map(
    (await rows(client, sequencesQuery, [schema, role])).map((row) => [columnPath(row), row]),
  );
  const indexes = groupByTable(await rows(client, indexesQuery, [schema]));
  const foreignKeys = groupByTable(await rows(client, foreignKeysQuery, [schema]));
  const checks = groupByTable(await rows(client, checksQuery, [schema]));
  const strangers = await rows(client, strangersQuery, [schema, role]);
  return {
    tables: tables
      .map(({ name, privileges }) => ({
        name: text(name),
        columns: (columns.get(text(name)) ?? [])
          .map((row) => readColumn(row, sequences.get(columnPath(row))))
          .sort(byName),
        keys: (indexes.get(text(name)) ?? []).map(readKey).sort(byName),
        foreignKeys: (foreignKeys.get(text(name)) ?? []).map(readForeignKey).sort(byName),
        checks: (checks.get(text(name)) ?? []).map(readCheck).sort(byName),
        privileges: texts(privileges).sort(),
      }))
      .sort(byName),
    strangers: strangers.map(({ name }) => text(name)).sort(),
  };
}

type Row = Readonly<Record<string, unknown>>;

const tablesQuery = `
  SELECT class.relname AS name,
    ARRAY(
      SELECT acl.privilege_type FROM aclexplode(class.relacl) AS acl
      WHERE acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = $2)
    ) AS privileges
  FROM pg_class AS class
  WHERE class.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    AND class.relkind = 'r'`;

const columnsQuery = `
  SELECT class.relname AS "table", attribute.attname AS name,
    format_type(attribute.atttypid, attribute.atttypmod) AS type,
    attribute.attnotnull AS not_null,
    pg_get_expr(value.adbin, value.adrelid) AS "default"
  FROM pg_attribute AS attribute
  JOIN pg_class AS class ON class.oid = attribute.attrelid AND class.relkind = 'r'
  LEFT JOIN pg_attrdef AS value
    ON value.adrelid = attribute.attrelid AND value.adnum = attribute.attnum
  WHERE class.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    AND attribute.attnum > 0 AND NOT attribute.attisdropped`;

/** The sequences that belong to a column. Others are strangers. */
const sequencesQuery = `
  SELECT class.relname AS "table", attribute.attname AS name, sequence_class.relname AS sequence,
    format_type(sequence.seqtypid, NULL) AS type,
    CASE attribute.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' ELSE '' END AS generated,
    ARRAY(
      SELECT acl.privilege_type FROM aclexplode(sequence_class.relacl) AS acl
      WHERE acl.grantee = (SELECT oid FROM pg_roles WHERE rolname = $2)
    ) AS privileges
  FROM pg_class AS class
  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
  JOIN pg_depend AS depend ON depend.refclassid = 'pg_class'::regclass AND depend.deptype = 'i'
    AND depend.classid = 'pg_class'::regclass
    AND depend.refobjid = class.oid AND depend.refobjsubid = attribute.attnum
  JOIN pg_sequence AS sequence ON sequence.seqrelid = depend.objid
  JOIN pg_class AS sequence_class ON sequence_class.oid = sequence.seqrelid
  WHERE class.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`;

const indexesQuery = `
  SELECT class.relname AS "table", index_class.relname AS name,
    CASE WHEN index.indisprimary THEN 'PRIMARY_KEY'
      WHEN index.indisunique THEN 'UNIQUE' ELSE 'INDEX' END AS kind,
    ARRAY(
      SELECT attribute.attname::text
      FROM unnest(index.indkey::int[]) WITH ORDINALITY AS key (number, position)
      LEFT JOIN pg_attribute AS attribute
        ON attribute.attrelid = index.indrelid AND attribute.attnum = key.number
      ORDER BY key.position
    ) AS columns
  FROM pg_index AS index
  JOIN pg_class AS class ON class.oid = index.indrelid
  JOIN pg_class AS index_class ON index_class.oid = index.indexrelid
  WHERE class.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)`;

const foreignKeysQuery = `
  SELECT class.relname AS "table", con.conname AS name, target.relname AS target,
    ARRAY(
      SELECT attname::text FROM unnest(con.conkey) WITH ORDINALITY AS key (number, position)
      JOIN pg_attribute ON attrelid = con.conrelid AND attnum = key.number ORDER BY key.position
    ) AS columns,
    ARRAY(
      SELECT attname::text FROM unnest(con.confkey) WITH ORDINALITY AS key (number, position)
      JOIN pg_attribute ON attrelid = con.confrelid AND attnum = key.number ORDER BY key.position
    ) AS referenced_columns,
    CASE con.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
      WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END AS on_delete,
    CASE con.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' ELSE 'OTHER' END AS on_update
  FROM pg_constraint AS con
  JOIN pg_class AS class ON class.oid = con.conrelid
  JOIN pg_class AS target ON target.oid = con.confrelid
  WHERE con.connamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    AND con.contype = 'f'`;

const checksQuery = `
  SELECT class.relname AS "table", con.conname AS name,
    pg_get_expr(con.conbin, con.conrelid) AS expression
  FROM pg_constraint AS con
  JOIN pg_class AS class ON class.oid = con.conrelid
  WHERE con.connamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
    AND con.contype = 'c'`;

/** Finds all objects that no plan could have created. */
const strangersQuery = `
  WITH namespace AS (SELECT oid FROM pg_namespace WHERE nspname = $1),
    class AS (SELECT * FROM pg_class WHERE relnamespace = (SELECT oid FROM namespace))
  SELECT format('relation %s of kind %s', relname, relkind) AS name
    FROM class WHERE relkind NOT IN ('r', 'i') AND NOT (relkind = 'S' AND EXISTS (
      SELECT FROM pg_depend WHERE objid = class.oid AND classid = 'pg_class'::regclass AND deptype = 'i'))
  UNION ALL
  SELECT format('function %s', proname) FROM pg_proc
    WHERE pronamespace = (SELECT oid FROM namespace)
  UNION ALL
  SELECT format('type %s', typname) FROM pg_type
    WHERE typnamespace = (SELECT oid FROM namespace) AND typrelid = 0 AND typelem = 0
  UNION ALL
  SELECT format('trigger %s', tgname) FROM pg_trigger
    WHERE tgrelid IN (SELECT oid FROM class) AND NOT tgisinternal
  UNION ALL
  SELECT format('policy %s', polname) FROM pg_policy WHERE polrelid IN (SELECT oid FROM class)
  UNION ALL
  SELECT format('rule %s', rulename) FROM pg_rewrite WHERE ev_class IN (SELECT oid FROM class)
  UNION ALL
  SELECT format('constraint %s', conname) FROM pg_constraint
    WHERE connamespace = (SELECT oid FROM namespace)
      AND (contype NOT IN ('p', 'u', 'f', 'c', 'n') OR NOT convalidated OR condeferrable
        OR confupdtype NOT IN ('a', 'c', ' ') OR confmatchtype NOT IN ('s', ' '))
  UNION ALL
  SELECT format('index %s', relname) FROM pg_index JOIN class ON class.oid = indexrelid
    WHERE NOT indisvalid OR NOT indisready OR indpred IS NOT NULL OR indexprs IS NOT NULL
      OR indnkeyatts <> indnatts OR 0 <> ANY (indoption::int[])
      OR class.relam <> (SELECT oid FROM pg_am WHERE amname = 'btree')
      OR (indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid))
  UNION ALL
  SELECT format('grant on %s', relname) FROM class, aclexplode(relacl) AS acl
    WHERE acl.is_grantable OR acl.grantee NOT IN
      (SELECT oid FROM pg_roles WHERE rolname = $2 UNION SELECT class.relowner)
  UNION ALL
  SELECT format('column %s of %s', attname, relname)
    FROM pg_attribute JOIN class ON class.oid = attrelid AND class.relkind = 'r'
    WHERE attacl IS NOT NULL OR (attnum > 0 AND attgenerated <> '')`;

async function rows(
  client: SqlClient,
  query: string,
  values: readonly string[],
): Promise<readonly Row[]> {
  return (await client.query(query, [...values])).rows;
}

function groupByTable(all: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  return groupBy(all, (row) => text(row['table']));
}

/** Names the column of a row of `columnsQuery` or `sequencesQuery`. */
function columnPath({ table, name }: Row): string {
  return `${text(table)}.${text(name)}`;
}

function readColumn(
  { name, type, not_null: notNull, default: value }: Row,
  sequence: Row | undefined,
): CatalogColumn {
  return {
    name: text(name),
    type: text(type),
    notNull: notNull === true,
    default: value === null ? null : canonicalDefault(text(value), text(type)),
    sequence:
      sequence === undefined
        ? null
        : {
            name: text(sequence['sequence']),
            type: text(sequence['type']),
            generated: text(sequence['generated']),
            privileges: texts(sequence['privileges']).sort(),
          },
  };
}

function readKey({ name, kind, columns }: Row): CatalogKey {
  const kinds = ['PRIMARY_KEY', 'UNIQUE', 'INDEX'] as const;
  return {
    kind: kinds.find((known) => known === kind) ?? 'INDEX',
    name: text(name),
    columns: texts(columns),
  };
}

function readForeignKey(row: Row): CatalogForeignKey {
  return {
    name: text(row['name']),
    columns: texts(row['columns']),
    table: text(row['target']),
    referencedColumns: texts(row['referenced_columns']),
    onDelete: text(row['on_delete']),
    onUpdate: text(row['on_update']),
  };
}

function readCheck({ name, expression }: Row): CatalogCheck {
  return { name: text(name), expression: canonicalExpression(text(expression)) };
}

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new Error('The catalog returned a value that is not a text.');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map((item) => (item === null ? '' : text(item)));
  throw new Error('The catalog returned a value that is not a list.');
}
