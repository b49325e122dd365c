import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody } from '#console/ui/card.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Logo } from '#console/ui/logo.tsx';
import { PasswordInput } from '#console/ui/password-input.tsx';

import { ExplorerLoading } from './explorer-loading.tsx';
import { openApi, type OpenedApi } from './key-explorer.ts';

const Explorer = lazy(() => import('./explorer.tsx'));

/** The page that a browser shows at the address of a project's API. The visitor explores the API with a key. */
export function KeyExplorerPage({ projectRef }: { projectRef: string }) {
  const [opened, setOpened] = useState<OpenedApi | null>(null);
  return (
    <div className="flex h-dvh min-h-120 flex-col">
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line px-6 py-3 max-sm:px-4">
        <div className="flex min-w-0 items-center gap-3">
          <Logo isMarkOnly />
          <div className="min-w-0">
            <h1 className="text-base font-semibold">API explorer</h1>
            <p className="truncate font-mono text-xs text-quiet">{projectRef}</p>
          </div>
        </div>
        {opened !== null && <Button onClick={() => setOpened(null)}>Use another key</Button>}
      </header>
      {opened === null ? (
        <main className="flex-1 overflow-y-auto px-4 py-10">
          <KeyForm projectRef={projectRef} onOpened={setOpened} />
        </main>
      ) : (
        <main className="flex min-h-0 min-w-0 flex-1 flex-col">
          {!opened.hasSchema && (
            <p className="border-b border-line bg-warning-soft px-6 py-2 text-[0.8125rem] max-sm:px-4">
              This key can’t read the schema, so there is no documentation and no completion. Add
              the scope <code className="font-mono">schema.read</code> to the key to get them.
            </p>
          )}
          <div className="min-h-0 min-w-0 flex-1">
            <Suspense fallback={<ExplorerLoading />}>
              <Explorer projectRef={projectRef} owner="key" {...opened} />
            </Suspense>
          </div>
        </main>
      )}
    </div>
  );
}

const schema = z.object({ key: z.string().check(z.trim(), z.minLength(1, 'Enter an API key.')) });

interface KeyFormProps {
  readonly projectRef: string;
  readonly onOpened: (opened: OpenedApi) => void;
}

function KeyForm({ projectRef, onOpened }: KeyFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { key: '' },
    failureFields: { UNAUTHENTICATED: 'key' },
    onSubmit: async ({ key }) => onOpened(await openApi(projectRef, key)),
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <Card aria-label="Enter an API key" className="mx-auto max-w-md">
      <CardBody className="space-y-5">
        <p>
          This address is a GraphQL API. To explore it in the browser, enter one of the project’s
          API keys.
        </p>
        <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
          <Field
            label="API key"
            help="The key is kept until you close or reload this page."
            error={errors.key?.message}
          >
            <PasswordInput
              {...form.register('key')}
              autoComplete="off"
              autoFocus
              placeholder="tsk_…"
            />
          </Field>
          <FormError>{formError}</FormError>
          <Button type="submit" variant="primary" isLoading={isSubmitting}>
            Explore the API
          </Button>
        </form>
        <p className="text-quiet">
          Members of the project can{' '}
          <Link
            to="/projects/$ref/explorer"
            params={{ ref: projectRef }}
            className="font-medium text-accent underline underline-offset-2 hover:text-accent-strong"
          >
            open the explorer in the console
          </Link>{' '}
          without a key. <DocsLink page="keys">How to create a key</DocsLink>
        </p>
      </CardBody>
    </Card>
  );
}
