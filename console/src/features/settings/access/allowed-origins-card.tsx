import { useSuspenseQuery } from '@tanstack/react-query';
import { Globe } from 'lucide-react';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';

import { accessSettingsQuery } from './access-settings.queries.ts';
import { RemoveButton } from './remove-button.tsx';
import { useAccessChanges, type AccessChanges } from './use-access-changes.ts';

interface AllowedOriginsCardProps {
  readonly projectRef: string;
  /** Why the list is read-only; null if it can be changed. */
  readonly reason: string | null;
}

/** The origins whose pages can call the project's API. */
export function AllowedOriginsCard({ projectRef, reason }: AllowedOriginsCardProps) {
  const { data: settings } = useSuspenseQuery(accessSettingsQuery(projectRef));
  const { addOrigin, removeOrigin } = useAccessChanges(projectRef);
  const origins = settings?.allowedOrigins ?? [];
  return (
    <Card aria-labelledby="allowed-origins">
      <CardHeader
        title="Allowed origins"
        titleId="allowed-origins"
        description="Pages of these origins can call this project’s API from a browser, with a publishable key."
      />
      <CardBody className="flex flex-col gap-5">
        {origins.length === 0 ? (
          <EmptyState
            level={3}
            icon={Globe}
            title="No allowed origins"
            description={
              <>
                Browsers block calls from the pages of your app until you add its origin. Servers
                and apps that do not run in a browser need no origin.{' '}
                <DocsLink page="letUsersIn">Let your app’s users in</DocsLink>
              </>
            }
            className="py-8"
          />
        ) : (
          <ul aria-label="Allowed origins" className="divide-y divide-line">
            {origins.map((origin) => (
              <li
                key={origin}
                className="flex items-center justify-between gap-3 py-1.5 first:pt-0 last:pb-0"
              >
                <span className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">{origin}</span>
                <RemoveButton
                  name={origin}
                  confirmLabel="Remove origin"
                  reason={reason}
                  remove={removeOrigin}
                >
                  <p>
                    Browsers will block calls from pages of this origin within a second. Keys and
                    other origins are not affected.
                  </p>
                </RemoveButton>
              </li>
            ))}
          </ul>
        )}
        <AddOriginForm reason={reason} addOrigin={addOrigin} />
      </CardBody>
    </Card>
  );
}

const schema = z.object({
  origin: z.string().check(z.trim(), z.minLength(1, 'Enter an origin.')),
});

interface AddOriginFormProps {
  readonly reason: string | null;
  readonly addOrigin: AccessChanges['addOrigin'];
}

function AddOriginForm({ reason, addOrigin }: AddOriginFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { origin: '' },
    renamedFields: { allowedOrigins: 'origin' },
    onSubmit: async ({ origin }) => {
      await addOrigin(origin);
      form.reset();
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-3">
      <Field
        label="New origin"
        help="Scheme, host and port, without a path: https://app.example or http://localhost:5173."
        error={errors.origin?.message}
      >
        {(control) => (
          <div className="flex flex-wrap gap-2">
            <Input
              {...control}
              {...form.register('origin')}
              type="url"
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              readOnly={reason !== null}
              placeholder="https://app.example"
              className="flex-1 basis-56 font-mono text-[0.8125rem]"
            />
            <Button type="submit" isLoading={isSubmitting} disabledReason={reason}>
              Add origin
            </Button>
          </div>
        )}
      </Field>
      <FormError>{formError}</FormError>
    </form>
  );
}
