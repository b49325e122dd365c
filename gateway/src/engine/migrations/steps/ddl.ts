import { jsonText } from '../../../graphql/exact-number.ts';
import type { JsonValue } from '../../sdl/model.ts';
import { byteaText } from '../../sql/quote.ts';
import { commaList, ident, literal, renderStandalone, sql, type Sql } from '../../sql/sql.ts';
import { checkExpression } from '../tables/check-rule.ts';
import { typeName, type ColumnType } from '../tables/column-type.ts';
import type { Check, Column, ForeignKey, Key, Table } from '../tables/table.ts';
import type { ProjectNames } from '../project-names.ts';
import type { ValueRename } from '../match-values.ts';
import { generators } from './generators.ts';
import type { Rename } from './rename-order.ts';
import { hasRenamed, renamePhases, renamedValue } from './renamed-value.ts';

/** The DDL statements for a project. All names are qualified with the project's schema. */
export type Ddl = ReturnType<typeof createDdl>;

export function createDdl({ schema, role }: Pick<ProjectNames, 'schema' | 'role'>) {
  const on = (table: string) => ident(schema, table);
  const alter = (table: string, action: Sql) => sql`ALTER TABLE ${on(table)} ${action}`;
  const alterColumn = (table: string, column: string, action: Sql) =>
    alter(table, sql`ALTER COLUMN ${ident(column)} ${action}`);

  return {
    /** Creates the table with its columns, keys and checks, and grants access to the project's role. */
    createTable: (table: Table): readonly Sql[] => {
      const constraints = [
        ...table.keys.filter(({ kind }) => kind !== 'INDEX').map(keyConstraint),
        ...table.checks.map(checkConstraint),
      ];
      const columns = table.columns.map((column) => columnDefinition(column, on));
      const parts = commaList([...columns, ...constraints]);
      const sequences = table.columns.flatMap(({ sequence }) => sequence ?? []);
      const indexes = table.keys.filter(({ kind }) => kind === 'INDEX');
      return [
        sql`CREATE TABLE ${on(table.name)} (${parts})`,
        ...indexes.map((key) => createIndex(on(table.name), key)),
        sql`GRANT SELECT, INSERT, UPDATE, DELETE ON ${on(table.name)} TO ${ident(role)}`,
        ...sequences.map(grantSequence),
      ];
    },
    dropTable: (table: string) => sql`DROP TABLE ${on(table)}`,
    renameTable: ({ from, to }: Rename) => alter(from, sql`RENAME TO ${ident(to)}`),

    addColumn: (table: string, column: Column): readonly Sql[] => [
      alter(table, sql`ADD COLUMN ${columnDefinition(column, on)}`),
      ...(column.sequence === null ? [] : [grantSequence(column.sequence)]),
    ],
    /** Adds a column in which existing rows get `value`. */
    addFilledColumn: (table: string, column: Column, value: Sql): readonly Sql[] => {
      const required = column.notNull ? sql` NOT NULL` : sql``;
      const definition = sql`${ident(column.name)} ${typeName(column)}${required} DEFAULT ${value}`;
      return [alter(table, sql`ADD COLUMN ${definition}`), setDefault(table, column)];
    },
    /** Gives rows a value that have none in the column. */
    fillColumn: (table: string, column: Column, value: Sql) => {
      const name = ident(column.name);
      return sql`UPDATE ${on(table)} SET ${name} = ${value} WHERE ${name} IS NULL`;
    },
    dropColumn: (table: string, column: string) => alter(table, sql`DROP COLUMN ${ident(column)}`),
    renameColumn: (table: string, { from, to }: Rename) =>
      alter(table, sql`RENAME COLUMN ${ident(from)} TO ${ident(to)}`),

    setType: (table: string, column: Column, using: Sql) =>
      alterColumn(table, column.name, sql`TYPE ${typeName(column)} USING ${using}`),
    setDefault,
    /** Renames enum values in all rows. The column has its current type, and its next name. */
    renameValues: (
      table: string,
      { name, list }: Pick<Column, 'name' | 'list'>,
      renames: readonly ValueRename[],
    ): readonly Sql[] => {
      const column = ident(name);
      return renamePhases(renames).map(
        (phase) =>
          sql`UPDATE ${on(table)} SET ${column} = ${renamedValue(column, list, phase)} WHERE ${hasRenamed(column, list, phase)}`,
      );
    },
    dropDefault: (table: string, column: string) => alterColumn(table, column, sql`DROP DEFAULT`),
    setNotNull: (table: string, column: string) => alterColumn(table, column, sql`SET NOT NULL`),
    dropNotNull: (table: string, column: string) => alterColumn(table, column, sql`DROP NOT NULL`),

    /** Numbers new rows, beginning after the largest value. */
    addSequence: (table: string, column: string, sequence: string): readonly Sql[] => {
      const largest = sql`coalesce(max(${ident(column)}), 0)`;
      return [
        alterColumn(table, column, sql`ADD ${identity(on(sequence))}`),
        sql`SELECT setval(${literal(renderStandalone(on(sequence)))}, greatest(${largest}, 1), ${largest} >= 1) FROM ${on(table)}`,
        grantSequence(sequence),
      ];
    },
    dropSequence: (table: string, column: string) => alterColumn(table, column, sql`DROP IDENTITY`),
    renameSequence: ({ from, to }: Rename) =>
      sql`ALTER SEQUENCE ${on(from)} RENAME TO ${ident(to)}`,

    addKey: (table: string, key: Key) =>
      key.kind === 'INDEX'
        ? createIndex(on(table), key)
        : alter(table, sql`ADD ${keyConstraint(key)}`),
    dropKey: (table: string, { kind, name }: Key) =>
      kind === 'INDEX' ? sql`DROP INDEX ${on(name)}` : dropConstraint(table, name),
    /** Renames an index, and with it the constraint that uses the index, if there is one. */
    renameIndex: ({ from, to }: Rename) => sql`ALTER INDEX ${on(from)} RENAME TO ${ident(to)}`,

    addCheck: (table: string, check: Check) => alter(table, sql`ADD ${checkConstraint(check)}`),
    addForeignKey: (table: string, key: ForeignKey) => {
      const references = sql`${on(key.table)} (${columnList(key.referencedColumns)})`;
      const onUpdate = key.onUpdate === 'CASCADE' ? sql` ON UPDATE CASCADE` : sql``;
      const constraint = sql`CONSTRAINT ${ident(key.name)} FOREIGN KEY (${columnList(key.columns)}) REFERENCES ${references} ON DELETE ${onDeleteActions[key.onDelete]}${onUpdate}`;
      return alter(table, sql`ADD ${constraint}`);
    },
    dropConstraint,
    renameConstraint: (table: string, { from, to }: Rename) =>
      alter(table, sql`RENAME CONSTRAINT ${ident(from)} TO ${ident(to)}`),
  };

  function dropConstraint(table: string, name: string): Sql {
    return alter(table, sql`DROP CONSTRAINT ${ident(name)}`);
  }

  function setDefault(table: string, column: Column): Sql {
    const value = defaultExpression(column);
    const action = value === null ? sql`DROP DEFAULT` : sql`SET DEFAULT ${value}`;
    return alterColumn(table, column.name, action);
  }

  /** The role needs USAGE for `nextval` and UPDATE for `setval`. */
  function grantSequence(sequence: string): Sql {
    return sql`GRANT USAGE, SELECT, UPDATE ON SEQUENCE ${on(sequence)} TO ${ident(role)}`;
  }
}

const onDeleteActions: Readonly<Record<ForeignKey['onDelete'], Sql>> = {
  RESTRICT: sql`RESTRICT`,
  CASCADE: sql`CASCADE`,
  'SET NULL': sql`SET NULL`,
};

function columnDefinition(column: Column, on: (name: string) => Sql): Sql {
  const value = defaultExpression(column);
  const required = column.notNull ? sql` NOT NULL` : sql``;
  const preset =
    column.sequence !== null
      ? sql` ${identity(on(column.sequence))}`
      : value === null
        ? sql``
        : sql` DEFAULT ${value}`;
  return sql`${ident(column.name)} ${typeName(column)}${required}${preset}`;
}

/** PostgreSQL drops the sequence with its column, and its values have the type of the column. */
function identity(sequence: Sql): Sql {
  return sql`GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME ${sequence})`;
}

function keyConstraint({ kind, name, columns }: Key): Sql {
  const what = kind === 'PRIMARY_KEY' ? sql`PRIMARY KEY` : sql`UNIQUE`;
  return sql`CONSTRAINT ${ident(name)} ${what} (${columnList(columns)})`;
}

function createIndex(table: Sql, { name, columns }: Key): Sql {
  return sql`CREATE INDEX ${ident(name)} ON ${table} (${columnList(columns)})`;
}

function checkConstraint({ name, column, rule }: Check): Sql {
  return sql`CONSTRAINT ${ident(name)} CHECK (${checkExpression(rule, ident(column))})`;
}

function columnList(columns: readonly string[]): Sql {
  return commaList(columns.map((column) => ident(column)));
}

/** The default in SQL: `'BACKLOG'::text`, `ARRAY['a'::text]::text[]`, `now()`. Null if the column has no default. */
export function defaultExpression(column: Pick<Column, 'default' | 'type' | 'list'>): Sql | null {
  const { default: value, type, list } = column;
  if (value === null) return null;
  if (value.kind === 'NOW') return nowExpression(type);
  if (value.kind === 'GENERATE') return generators[value.generate](typeName(column));
  if (list && Array.isArray(value.value)) {
    // The value is JSON, but `Array.isArray` narrows it to an array of `any`.
    const items = (value.value as readonly JsonValue[]).map((item) => valueExpression(item, type));
    return sql`ARRAY[${commaList(items)}]::${typeName(column)}`;
  }
  return valueExpression(value.value, type);
}

/** Dates and times are in UTC, whatever the time zone of the session is. */
function nowExpression(type: ColumnType): Sql {
  if (type === 'timestamp with time zone') return sql`now()`;
  return sql`(now() AT TIME ZONE 'UTC')::${typeName({ type, list: false })}`;
}

function valueExpression(value: JsonValue, type: ColumnType): Sql {
  const cast = typeName({ type, list: false });
  if (type === 'jsonb') return sql`${literal(jsonText(value))}::${cast}`;
  if (typeof value === 'boolean') return literal(value);
  if (type === 'bytea' && typeof value === 'string')
    return sql`${literal(byteaText(value))}::${cast}`;
  return sql`${literal(typeof value === 'string' ? value : JSON.stringify(value))}::${cast}`;
}
