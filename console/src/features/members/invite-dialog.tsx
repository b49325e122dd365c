import { useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import type { Organization } from '#console/domain/organization.queries.ts';
import { InviteMemberDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { email } from '#console/lib/email.ts';
import { Button } from '#console/ui/button.tsx';
import { Dialog, DialogFooter } from '#console/ui/dialog.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { RadioCards } from '#console/ui/radio-cards.tsx';
import { toast } from '#console/ui/toast.ts';

import { whyNotMake } from './member-rules.ts';
import { invitationsQuery } from './members.queries.ts';
import { roleMeaning, roleName, roles } from './roles.ts';

interface InviteDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly organization: Organization;
}

export function InviteDialog({ open, onOpenChange, organization }: InviteDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Invite to ${organization.name}`}
      description="The invitation email contains a link that works once and expires after seven days."
    >
      <InviteForm organization={organization} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

const schema = z.object({ email, role: z.enum(roles) });

interface InviteFormProps {
  readonly organization: Organization;
  readonly onDone: () => void;
}

function InviteForm({ organization: { id, slug, viewerRole }, onDone }: InviteFormProps) {
  const queryClient = useQueryClient();
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { email: '', role: 'DEVELOPER' },
    failureFields: { ALREADY_MEMBER: 'email', ALREADY_INVITED: 'email' },
    onSubmit: async (values) => {
      const data = await request(InviteMemberDocument, {
        input: { organizationId: id, ...values },
      });
      const { invitation } = expectSuccess(data.inviteMember, 'InviteMemberSuccess');
      await queryClient.invalidateQueries(invitationsQuery(slug));
      toast.success(`Invitation sent to ${invitation.email}.`);
      onDone();
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <Field label="Email address" error={errors.email?.message}>
        <Input
          {...form.register('email')}
          type="email"
          autoComplete="off"
          autoFocus
          placeholder="ada@example.org"
        />
      </Field>
      <RadioCards
        label="Role"
        value={form.watch('role')}
        onValueChange={(role) => form.setValue('role', role)}
        error={errors.role?.message}
        options={roles.map((role) => ({
          value: role,
          label: roleName[role],
          description: roleMeaning[role],
          disabledReason: whyNotMake(viewerRole, role),
        }))}
      />
      <FormError>{formError}</FormError>
      <DialogFooter>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          Send invitation
        </Button>
      </DialogFooter>
    </form>
  );
}
