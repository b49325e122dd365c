import { renderTemplate, type Sql, type SqlTemplate } from '../sql/sql.ts';

/** Values of variables once GraphQL has coerced them: absent ones are absent, unless they have a default. */
export type Variables = Readonly<Record<string, unknown>>;

/** What `pg` is given for a parameter: text as PostgreSQL reads it, a list of such texts, or null. */
export type PgValue = string | number | boolean | null | readonly (string | null)[];

/**
 * Reads one parameter of a statement from a request's variables (or knows it from the document).
 * @throws OperationError when the value cannot be used, such as a cursor that is none
 */
export type Parameter = (variables: Variables) => PgValue;

/** A statement of the project API, for every project that has its model. */
export interface Statement {
  readonly template: Pick<SqlTemplate, 'chunks'>;
  readonly parameters: readonly Parameter[];
}

/** @throws Error where a value of the SQL is no `Parameter`: values are bound, never built in */
export function statementOf(sql: Sql): Statement {
  const { chunks, values } = renderTemplate(sql);
  return {
    template: { chunks },
    parameters: values.map((value) => {
      if (typeof value !== 'function') throw new Error('A parameter of a statement is a function.');
      // `param` is given nothing but parameters in engine/compile.
      return value as Parameter;
    }),
  };
}
