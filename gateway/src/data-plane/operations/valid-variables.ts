import { operationErrors, type InputIssue, type Variables } from '../../engine/runtime.ts';
import {
  messageOf,
  type CoercedVariables,
  type VariableProblem,
} from '../../graphql/check-variables.ts';

/** Returns the coerced values. @throws OperationError if a value is invalid */
export function requireValid({ values, problems }: CoercedVariables): Variables {
  const [first, ...more] = problems;
  if (first === undefined) return values;
  throw operationErrors.invalidInput([toIssue(first), ...more.map(toIssue)], {
    message: messageOf(first),
  });
}

const toIssue = ({ path, message }: VariableProblem): InputIssue => ({ path, message });
