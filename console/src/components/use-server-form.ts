import { zodResolver } from '@hookform/resolvers/zod';
import {
  useForm,
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  type UseFormReturn,
} from 'react-hook-form';
import type * as z from 'zod/mini';

import { ApiError, explainError } from '#console/lib/api/errors.ts';

import { fieldOfIssue } from './field-of-issue.ts';

interface ServerFormOptions<In extends FieldValues, Out> {
  /**
   * Validates the input before the request is sent. The server validates it again, and the server's messages are shown
   * below the fields.
   */
  readonly schema: z.ZodMiniType<Out, In>;
  readonly defaultValues: DefaultValues<In>;
  /** Sends the values with `request` and `expectSuccess`. The form shows the errors that this function throws. */
  readonly onSubmit: (values: Out) => Promise<unknown>;
  /** Maps error codes to form fields: `{ SLUG_TAKEN: 'slug' }`. The error is shown below the field. */
  readonly failureFields?: Readonly<Partial<Record<string, FieldPath<In>>>>;
  /** Maps the server's input names to form fields that are named differently. */
  readonly renamedFields?: Readonly<Partial<Record<string, FieldPath<In>>>>;
}

interface ServerForm<In extends FieldValues, Out> {
  readonly form: UseFormReturn<In, unknown, Out>;
  /** The submit handler: `<form noValidate onSubmit={submit}>`. */
  readonly submit: (event?: React.BaseSyntheticEvent) => Promise<void>;
  /** An error that does not belong to a single field, for `ui/form-error.tsx`. */
  readonly formError: string | null;
}

/**
 * A form that sends its values to a mutation. `schema` validates the input before the request is sent, and the server
 * validates it again. A server error about a field is shown below that field, which receives focus. All other errors
 * become `formError`.
 */
export function useServerForm<In extends FieldValues, Out>(
  options: ServerFormOptions<In, Out>,
): ServerForm<In, Out> {
  const form = useForm<In, unknown, Out>({
    resolver: zodResolver(options.schema),
    defaultValues: options.defaultValues,
  });
  const submit = form.handleSubmit(async (values) => {
    try {
      await options.onSubmit(values);
    } catch (error) {
      showError(form, options, error);
    }
  });
  return { form, submit, formError: form.formState.errors.root?.server?.message ?? null };
}

function showError<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  options: ServerFormOptions<In, Out>,
  error: unknown,
): void {
  // Any other error is a bug in the page, so it is also reported to the browser's console.
  if (!(error instanceof ApiError)) reportError(error);
  const field = error instanceof ApiError ? options.failureFields?.[error.code] : undefined;
  if (field !== undefined) {
    form.setError(field, { type: 'server', message: explainError(error) }, { shouldFocus: true });
    return;
  }
  const issues = error instanceof ApiError ? error.issues : [];
  const unplaced = issues.filter(({ path, message }, index) => {
    const name = fieldAt(form, options, path);
    if (name === null) return true;
    form.setError(name, { type: 'server', message }, { shouldFocus: index === 0 });
    return false;
  });
  if (issues.length > 0 && unplaced.length === 0) return;
  const message =
    issues.length === 0
      ? explainError(error)
      : unplaced
          .map(({ path, message }) =>
            path.length === 0 ? message : `${path.join('.')}: ${message}`,
          )
          .join(' ');
  form.setError('root.server', { type: 'server', message });
}

/** The form field for an issue's path; null if the form has no such field. */
function fieldAt<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  { renamedFields }: ServerFormOptions<In, Out>,
  path: readonly string[],
): FieldPath<In> | null {
  const renamed = path[0] === undefined ? undefined : renamedFields?.[path[0]];
  if (renamed !== undefined) return renamed;
  // It was found in the form's values.
  return fieldOfIssue(form.getValues(), path) as FieldPath<In> | null;
}
