import { useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { UpdateProfileDocument, type ViewerQuery } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { requiredName } from '#console/lib/required-name.ts';
import { Badge } from '#console/ui/badge.tsx';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardFooter, CardHeader } from '#console/ui/card.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { Time } from '#console/ui/time.tsx';
import { toast } from '#console/ui/toast.ts';

type Viewer = NonNullable<ViewerQuery['viewer']>;

const schema = z.object({
  name: requiredName('Enter your name.'),
});

export function ProfileCard({ viewer }: { viewer: Viewer }) {
  const queryClient = useQueryClient();
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { name: viewer.name },
    onSubmit: async (input) => {
      const data = await request(UpdateProfileDocument, { input });
      const { user } = expectSuccess(data.updateProfile, 'UpdateProfileSuccess');
      form.reset({ name: user.name });
      toast.success('Name saved.');
      await queryClient.invalidateQueries({ queryKey: viewerQuery.queryKey, exact: true });
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <Card aria-labelledby="profile-title">
      <CardHeader title="Profile" titleId="profile-title" />
      <form noValidate onSubmit={(event) => void submit(event)}>
        <CardBody className="flex flex-col gap-5">
          <Field
            label="Name"
            help="Visible to the members of your organizations."
            error={errors.name?.message}
          >
            <Input {...form.register('name')} autoComplete="name" required className="max-w-md" />
          </Field>
          <Facts viewer={viewer} />
          <FormError>{formError}</FormError>
        </CardBody>
        <CardFooter>
          <Button type="submit" variant="primary" isLoading={isSubmitting}>
            Save name
          </Button>
        </CardFooter>
      </form>
    </Card>
  );
}

function Facts({ viewer }: { viewer: Viewer }) {
  const isVerified = viewer.emailVerifiedAt !== null;
  return (
    <DefinitionList
      items={[
        {
          term: 'Email',
          description: (
            <span className="flex flex-wrap items-center gap-2">
              {viewer.email}
              <Badge tone={isVerified ? 'success' : 'warning'}>
                {isVerified ? 'Verified' : 'Not verified'}
              </Badge>
            </span>
          ),
        },
        ...(viewer.createdAt === null
          ? []
          : [{ term: 'Account created', description: <Time value={viewer.createdAt} /> }]),
      ]}
    />
  );
}
