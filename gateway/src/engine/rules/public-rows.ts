import { OperationError } from '../errors.ts';
import { indexModel } from '../api/model-index.ts';
import { tableRows, whereClause } from '../queries/source.ts';
import { createFilterContext } from '../queries/selection.ts';
import type { Parameter } from '../queries/plan.ts';
import type { Model } from '../sdl/model.ts';
import { arrayText } from '../sql/quote.ts';
import { renderTemplate, sql, textOf, withConstants } from '../sql/sql.ts';
import { profileOf, subjectVariables, type Subject } from './subject.ts';
import { visibilityFor } from './visibility.ts';

/** A caller who is signed out. */
const signedOut: Subject = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };

/**
 * A query without columns for the rows of a type that everyone can read: `SELECT FROM "p_…"."post" AS "t1" WHERE …`. Null
 * if the rules are too large for a statement.
 */
export function publicRows(model: Model, typeName: string, schema: string): string | null {
  try {
    return queryOf(model, typeName, schema);
  } catch (error) {
    if (error instanceof OperationError) return null;
    throw error;
  }
}

function queryOf(model: Model, typeName: string, schema: string): string {
  const index = indexModel(model);
  const context = createFilterContext(index);
  const visibility = visibilityFor(context, model.access, profileOf(model, signedOut));
  const { from, scope } = tableRows({ ...context, visibility }, index.type(typeName));
  const variables = subjectVariables(model, signedOut);
  const statement = withConstants(sql`SELECT FROM ${from}${whereClause(scope)}`, (parameter) => {
    // The compilation of filters adds no other values.
    const value = (parameter as Parameter)(variables);
    return typeof value === 'object' && value !== null ? arrayText(value) : value;
  });
  return textOf(renderTemplate(statement), schema);
}
