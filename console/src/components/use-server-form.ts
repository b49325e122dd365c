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

interface ServerFormOptions<In extends FieldValues, Out> {
  /** What can be told before asking: the server has the last word, and its words land at the fields. */
  readonly schema: z.ZodMiniType<Out, In>;
  readonly defaultValues: DefaultValues<In>;
  /** Asks the server with `request` and `expectSuccess`; what it throws is shown in the form. */
  readonly onSubmit: (values: Out) => Promise<unknown>;
  /** Failures that are about one field, by their code: `{ SLUG_TAKEN: 'slug' }`. */
  readonly failureFields?: Readonly<Partial<Record<string, FieldPath<In>>>>;
  /** Where the server calls a field otherwise than the form, by the server's name. */
  readonly renamedFields?: Readonly<Partial<Record<string, FieldPath<In>>>>;
}

interface ServerForm<In extends FieldValues, Out> {
  readonly form: UseFormReturn<In, unknown, Out>;
  /** For `<form noValidate onSubmit={submit}>`. */
  readonly submit: (event?: React.BaseSyntheticEvent) => Promise<void>;
  /** What is wrong, but not with one field; for `ui/form-error.tsx`. */
  readonly formError: string | null;
}

/**
 * A form whose input goes to a mutation: checked by `schema` at first, then by the server. What the server
 * says of a field stands at that field, which gets the focus; anything else is `formError`.
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
  // A fault of this page is not swallowed: whoever watches the browser's console sees it.
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
      : unplaced.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
  form.setError('root.server', { type: 'server', message });
}

/** The field that an issue is about: `scopes` for `['scopes', '1']`; null for one that the form has not. */
function fieldAt<In extends FieldValues, Out>(
  form: UseFormReturn<In, unknown, Out>,
  { renamedFields }: ServerFormOptions<In, Out>,
  [first]: readonly string[],
): FieldPath<In> | null {
  if (first === undefined) return null;
  const renamed = renamedFields?.[first];
  if (renamed !== undefined) return renamed;
  // The form's values have the names of its fields as keys.
  return first in form.getValues() ? (first as FieldPath<In>) : null;
}
