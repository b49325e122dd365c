import { assertNever } from '../../platform/assert-never.ts';
import { mayRead, type AccessContext } from '../api/permissions.ts';
import { operationErrors } from '../errors.ts';
import { compileFind, contextOf, type OperationRequest } from '../queries/operation.ts';
import { statementOf } from '../queries/plan.ts';
import { compileMe } from '../queries/row.ts';
import { rootFields, type CompileContext } from '../queries/selection.ts';
import { ident, renderTemplate, sql, type Sql } from '../sql/sql.ts';
import { cohortOf, maxCohortParameters } from './cohort.ts';
import { compileChanges } from './compile-changes.ts';
import type { LiveQueryPlan, SubscriptionPlan } from './plan.ts';
import { tableReads, usedReads } from './table-reads.ts';

/**
 * Compiles a subscription. The result can be used for all subscriptions with the same plan key: see plan-key.ts.
 *
 * @throws OperationError `NOT_LIVE` if a live query reads a model without `@live`
 * @throws OperationError for arguments that GraphQL's types allow but the API rejects
 * @throws Error if the document does not contain the operation, or if it is no subscription with one root field
 */
export function compileSubscription(request: OperationRequest): SubscriptionPlan {
  const { access } = request.api;
  const context = contextOf(request);
  const [field, ...more] = rootFields(context, 'SUBSCRIPTION', (bound) => bound);
  if (field === undefined || more.length > 0) throw notOneField();
  const { responseKey } = field;
  const live = (compile: () => Sql) =>
    liveQuery({ context, access: request.api, responseKey }, compile);
  switch (field.kind) {
    case 'LIVE_FIND':
      return live(() => compileFind(context, field));
    case 'LIVE_ME':
      return live(() => {
        const { rules } = access;
        return rules === null || rules.userField === null
          ? sql`SELECT NULL::json`
          : compileMe(context, field, field.type, rules);
      });
    case 'CHANGES':
      return compileChanges(context, field, access);
    case 'CONSTANT':
    case 'INTROSPECTION':
      throw notOneField();
    default:
      return assertNever(field);
  }
}

/** Validation rejects such documents: see graphql/single-root-field.ts. */
function notOneField(): Error {
  return new Error('A subscription must have one root field of the API.');
}

interface LiveField {
  readonly context: CompileContext;
  readonly access: AccessContext;
  readonly responseKey: string;
}

function liveQuery({ context, access, responseKey }: LiveField, compile: () => Sql): LiveQueryPlan {
  const column = ident('c0');
  const select = sql`SELECT (${context.reads.at([responseKey], compile)}) AS ${column}`;
  const statement = statementOf(select);
  if (statement.parameters.length > maxCohortParameters) {
    throw operationErrors.tooManySubscriptionValues(maxCohortParameters);
  }
  for (const { type, path } of usedReads(context.reads, statement)) {
    if (type === null || type.live) continue;
    // Access rules can read models that the caller must not know.
    throw operationErrors.notLive(mayRead(access, type.name) ? type.name : null, path);
  }
  const { chunks } = renderTemplate(cohortOf(select, [column]));
  return {
    kind: 'LIVE_QUERY',
    statement,
    answers: [{ kind: 'COLUMN', responseKey }],
    reads: tableReads(context.reads, statement),
    usesNow: context.reads.usesNow(),
    cohort: { chunks },
  };
}
