import type { CliError } from '../cli-error.ts';
import { HazardFailure, InvalidSchemaFailure, StalePlanFailure } from '../schema-failures.ts';
import { diagnosticsText } from './diagnostics-text.ts';
import { type Paint, printable } from './terminal.ts';
import { planText } from './plan-text.ts';

/** Formats a failure for people, with a trailing line break. */
export function failureText(failure: CliError, paint: Paint): string {
  if (failure instanceof InvalidSchemaFailure) {
    return diagnosticsText(failure.source, failure.diagnostics, paint);
  }
  const { message, hint, requestId, code } = failure;
  const plan =
    failure instanceof StalePlanFailure
      ? [paint('bold', 'The new plan:'), planText(failure.plan, paint, { sql: false })]
      : [];
  return [
    ...plan,
    `${paint('red', 'error')} ${code} ${printable(message)}`,
    ...(hint === null ? [] : [`  ${printable(hint)}`]),
    ...(requestId === null ? [] : [`  ${paint('dim', `request id ${printable(requestId)}`)}`]),
    '',
  ].join('\n');
}

/** Formats a failure as JSON for programs. */
export function failureJson(failure: CliError): Readonly<Record<string, unknown>> {
  const { code, message, hint, requestId } = failure;
  const details =
    failure instanceof InvalidSchemaFailure
      ? { file: failure.source.name, diagnostics: failure.diagnostics }
      : failure instanceof HazardFailure
        ? { hazards: failure.hazards, plan: failure.plan }
        : failure instanceof StalePlanFailure
          ? { plan: failure.plan }
          : {};
  return { outcome: 'failed', error: { code, message, hint, requestId, ...details } };
}
