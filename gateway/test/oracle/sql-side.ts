import { getOperationAST, getVariableValues, print, type DocumentNode } from 'graphql';
import type pg from 'pg';
import { accessKey } from '../../src/engine/api/access.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { compileOperation } from '../../src/engine/queries/operation.ts';
import type { OperationPlan, QueryPlan, Variables } from '../../src/engine/queries/plan.ts';
import { preparePlanKey } from '../../src/engine/queries/plan-key.ts';
import { OperationError } from '../../src/engine/errors.ts';
import type { StatementRunner } from '../../src/engine/sql/statement-runner.ts';
import { runMutation } from '../../src/engine/mutations/run-mutation.ts';
import { columnsOfType, type ModelIndex } from '../../src/engine/api/model-index.ts';
import { generatedName } from '../../src/engine/sdl/names.ts';
import type { JsonValue, Model, ModelType, ValueType } from '../../src/engine/sdl/model.ts';
import { jsonText, parseExactJson } from '../../src/graphql/exact-number.ts';
import { textOf } from '../../src/engine/sql/sql.ts';
import { countedValues } from '../engine/new-values.ts';
import { withProject, type EngineProject } from '../engine/project.ts';
import { rowsOf, textsOf } from '../engine/rows.ts';
import type { Operation } from './check.ts';
import type { Answer } from './evaluate.ts';
import { textOf as keyText } from './keys.ts';
import { sequenceOf, Sequences } from './sequences.ts';
import type { Row } from './row.ts';
import { Store, type Pair, type PlainData } from './store.ts';

/** The side under test. It runs compiled SQL on a project's tables in PostgreSQL. */
export class SqlSide {
  readonly #project: EngineProject;
  readonly #model: Model;
  readonly #plans = new Map<string, OperationPlan>();
  #ids = 0;
  /** The values of the caller for the parameters of rules. */
  #caller: Variables = {};

  constructor(project: EngineProject, model: Model) {
    this.#project = project;
    this.#model = model;
  }

  /**
   * Runs an operation and returns its data or its error code.
   * @throws any error that is not an OperationError, such as an unexpected PostgreSQL error
   */
  async ask(api: ProjectApi, { document, variables }: Operation): Promise<Answer> {
    try {
      const coerced = coercedVariables(api, document, variables);
      const plan = this.#planOf(api, document, coerced);
      const text = await this.#run(api, plan, { ...coerced, ...this.#caller });
      return { data: exactJson(text) };
    } catch (error) {
      if (error instanceof OperationError) return { codes: [error.code] };
      throw error;
    }
  }

  /** Sets the caller of the following operations. Without rules, there is none. */
  callAs(values: Variables): void {
    this.#caller = values;
  }

  /** Replaces all data. Sequences continue after the largest number of their columns. */
  async fill({ rows, pairs }: PlainData): Promise<void> {
    const tables = [...this.#model.types, ...joinTables(this.#model)].map(
      ({ table }) => `"${table}"`,
    );
    await this.#project.query(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY`);
    // Foreign keys are not enforced in this mode, so rows can be inserted in any order.
    await this.#project.query(`SET session_replication_role = 'replica'`);
    for (const type of this.#model.types) {
      const columns = columnsOf(type);
      const byColumn = (rows[type.name] ?? []).map((row) =>
        Object.fromEntries(
          columns.map(({ name, column, isBytes }) => [
            column,
            isBytes ? asBytea(row[name] ?? null) : (row[name] ?? null),
          ]),
        ),
      );
      await this.#insert(type.table, columns, byColumn);
    }
    for (const relation of joinTables(this.#model)) {
      const columns = relation.sides.flatMap(({ columns: of }) => of);
      const all = (pairs[relation.name] ?? []).map((pair) => {
        // A key as text is a list of texts.
        const texts = pair.flatMap((key) => JSON.parse(key) as readonly string[]);
        return Object.fromEntries(
          columns.map(({ column, type }, at) => [
            column,
            type.name === 'Bytes' ? asBytea(texts[at] ?? '') : (texts[at] ?? null),
          ]),
        );
      });
      await this.#insert(
        relation.table,
        columns.map(({ column }) => ({ column, isJsonList: false })),
        all,
      );
    }
    await this.#project.query('RESET session_replication_role');
    for (const { table, column, sequence } of sequencesOf(this.#model)) {
      await this.#project.query(
        `SELECT setval('"${sequence}"', max("${column}")) FROM "${table}" HAVING max("${column}") > 0`,
      );
    }
  }

  /** Reads all data, in the same format and order as `Store.toPlain`. */
  async read(index: ModelIndex): Promise<PlainData> {
    const rows: Record<string, readonly Row[]> = {};
    for (const type of this.#model.types) {
      const columns = columnsOf(type).map(({ name, expression }) => `${expression} AS "${name}"`);
      const found = await this.#project.query(
        `SELECT row_to_json(r)::text AS row FROM (SELECT ${columns.join(', ')} FROM "${type.table}") AS r`,
      );
      rows[type.name] = found.map(({ row }) => exactJson(String(row)) as Row);
    }
    const pairs: Record<string, readonly Pair[]> = {};
    for (const relation of joinTables(this.#model)) {
      const keys = relation.sides.map(({ columns }) =>
        columns.map(({ column, type }) => ({ name: column, type })),
      );
      const columns = keys
        .flat()
        .map(({ name, type }) => `${textExpression(name, type)} AS "${name}"`);
      const found = await this.#project.query(
        `SELECT row_to_json(r)::text AS row FROM (SELECT ${columns.join(', ')} FROM "${relation.table}") AS r`,
      );
      pairs[relation.name] = found.map(({ row }) => {
        const cells = exactJson(String(row)) as Row;
        const [first, second] = keys.map((key) => keyText(key, cells) ?? '');
        return [first ?? '', second ?? ''];
      });
    }
    return new Store(index, { rows, pairs }).toPlain();
  }

  /** The last number that each sequence returned or was moved to. */
  async sequences(): Promise<Sequences> {
    const last = new Map<string, bigint>();
    for (const { type, sequence } of sequencesOf(this.#model)) {
      const [row] = await this.#project.query(
        `SELECT (last_value - CASE WHEN is_called THEN 0 ELSE 1 END)::text AS last FROM "${sequence}"`,
      );
      if (typeof row?.['last'] === 'string') last.set(type, BigInt(row['last']));
    }
    return new Sequences(last);
  }

  /** Caches plans by the access, the document and the plan key of its variables, as the API does. */
  #planOf(api: ProjectApi, document: DocumentNode, variables: Variables): OperationPlan {
    const request = { api, document, operationName: null };
    const planKey = preparePlanKey(request)(variables);
    const key = `${accessKey(api.access)}\n${print(document)}\n${String(planKey)}`;
    const kept = planKey === null ? undefined : this.#plans.get(key);
    const plan = kept ?? compileOperation({ ...request, variables });
    this.#plans.set(key, plan);
    return plan;
  }

  async #run(api: ProjectApi, plan: OperationPlan, variables: Variables): Promise<string> {
    const { schema } = this.#project.names;
    const runner = runnerOf(this.#project.client);
    if (plan.kind === 'QUERY') return runQuery(plan, variables, { runner, schema });
    const data = await runMutation(plan, variables, {
      withRunner: (_, work) => work(runner),
      schema,
      api,
      newValues: countedValues('00000000-0000-7000-9000', () => (this.#ids += 1)),
      introspect: () => 'null',
    });
    return String(data);
  }

  async #insert(
    table: string,
    columns: readonly Pick<NamedColumn, 'column' | 'isJsonList'>[],
    rows: readonly object[],
  ): Promise<void> {
    // PostgreSQL would interpret a list of lists as a two-dimensional array.
    const jsonLists = columns.filter(({ isJsonList }) => isJsonList).map(({ column }) => column);
    const names = columns.map(({ column }) => `"${column}"`);
    const values = columns.map(({ column, isJsonList }) =>
      isJsonList
        ? `CASE WHEN jsonb_typeof(j->'${column}') = 'array' THEN ARRAY(SELECT jsonb_array_elements(j->'${column}')) END`
        : `r."${column}"`,
    );
    await this.#project.query(
      `INSERT INTO "${table}" (${names.join(', ')}) SELECT ${values.join(', ')}
       FROM jsonb_array_elements($1::jsonb) AS each (j), jsonb_populate_record(NULL::"${table}", j - $2::text[]) AS r`,
      [jsonText(rows), jsonLists],
    );
  }
}

function exactJson(text: string): JsonValue {
  // The value consists of JSON values and numbers with all their digits.
  return parseExactJson(text).value as JsonValue;
}

/** Creates a project that has a model's tables, and passes it to `work`. */
export async function withSqlSide<T>(
  pool: pg.Pool,
  model: Model,
  work: (side: SqlSide) => Promise<T>,
): Promise<T> {
  return withProject(pool, async (project) => {
    await project.query(`SET TimeZone = 'UTC'`);
    await project.apply(model);
    const side = new SqlSide(project, model);
    return work(side);
  });
}

function coercedVariables(
  { schema }: ProjectApi,
  document: DocumentNode,
  variables: Operation['variables'],
): Variables {
  const definitions = getOperationAST(document)?.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variables);
  if (errors !== undefined) throw new OperationError('BAD_USER_INPUT', 'A variable is invalid.');
  return coerced;
}

async function runQuery(
  { statement, answers }: QueryPlan,
  variables: Variables,
  { runner, schema }: { readonly runner: StatementRunner; readonly schema: string },
): Promise<string> {
  const values = statement?.parameters.map((parameter) => parameter(variables)) ?? [];
  const rows =
    statement === null
      ? []
      : await runner.run({ text: textOf(statement.template, schema), values });
  const columns = [...(textsOf(rows)[0] ?? [])];
  const members = answers.map((answer) => {
    switch (answer.kind) {
      case 'COLUMN':
        return `${JSON.stringify(answer.responseKey)}:${columns.shift() ?? 'null'}`;
      case 'CONSTANT':
        return `${JSON.stringify(answer.responseKey)}:${answer.json}`;
      case 'INTROSPECTION':
        throw new Error('Introspection is not supported.');
    }
  });
  return `{${members.join()}}`;
}

/** Returns a runner that does not parse results. */
function runnerOf(client: pg.PoolClient): StatementRunner {
  return {
    run: async ({ text, values }) => {
      const types = { getTypeParser: () => (value: string) => value };
      const result = await client.query<(string | null)[]>({
        text,
        values: [...values],
        rowMode: 'array',
        types,
      });
      return rowsOf(result.rows);
    },
  };
}

function joinTables({ relations }: Model) {
  return relations.filter((relation) => relation.kind === 'JOIN_TABLE');
}

/** The columns whose values come from a sequence. */
function sequencesOf({ types }: Model) {
  return types.flatMap((type) => {
    const field = sequenceOf(type);
    if (field === null) return [];
    const { table, name } = type;
    const sequence = generatedName(table, field.column, 'seq');
    return [{ type: name, table, column: field.column, sequence }];
  });
}

interface NamedColumn {
  /** The field's name in the API, such as `boardId`. */
  readonly name: string;
  readonly column: string;
  /** The SQL expression for the value as returned by the API. */
  readonly expression: string;
  readonly isJsonList: boolean;
  readonly isBytes: boolean;
}

function columnsOf(type: ModelType): readonly NamedColumn[] {
  return columnsOfType(type).map(({ name, column, type: of, list }) => ({
    name,
    column,
    expression: textExpression(column, of, list),
    isJsonList: list && of.name === 'JSON',
    isBytes: of.name === 'Bytes',
  }));
}

function textExpression(column: string, type: ValueType, list = false): string {
  if (type.name === 'Bytes') return bytesExpression(column, list);
  const isText = type.name === 'BigInt' || type.name === 'Decimal';
  return `"${column}"${isText ? `::text${list ? '[]' : ''}` : ''}`;
}

/** The base64 of a column. An empty list stays distinct from null. */
function bytesExpression(column: string, list: boolean): string {
  const base64 = (bytes: string) => `replace(encode(${bytes}, 'base64'), chr(10), '')`;
  return list
    ? `CASE WHEN "${column}" IS NOT NULL THEN ARRAY(SELECT ${base64('v')} FROM unnest("${column}") WITH ORDINALITY AS i (v, n) ORDER BY n) END`
    : base64(`"${column}"`);
}

/** Writes base64 as PostgreSQL reads bytea, also in lists. */
function asBytea(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(asBytea);
  return typeof value === 'string' ? `\\x${Buffer.from(value, 'base64').toString('hex')}` : value;
}
