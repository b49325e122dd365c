import { useMutation } from '@tanstack/react-query';

import { ResendEmailVerificationDocument } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';

/** A notice shown until the user has verified their email address. */
export function VerificationNotice({ email }: { email: string }) {
  const resend = useMutation({
    mutationFn: async () => {
      const data = await request(ResendEmailVerificationDocument);
      return expectSuccess(data.resendEmailVerification, 'ResendEmailVerificationSuccess');
    },
  });
  return (
    <Alert
      tone="warning"
      title="Your email address is not verified"
      actions={
        <Button size="sm" isLoading={resend.isPending} onClick={() => resend.mutate()}>
          Send the link again
        </Button>
      }
    >
      <p>Open the link in the email that we sent to {email}.</p>
      <p role="status" className="empty:hidden">
        {resend.isSuccess && 'A new link is on its way. Earlier links still work.'}
        {resend.isError && explainError(resend.error)}
      </p>
    </Alert>
  );
}
