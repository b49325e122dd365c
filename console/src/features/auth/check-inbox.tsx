import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { ResendVerificationToDocument } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { requestAsNobody } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Button, buttonClass } from '#console/ui/button.tsx';

import { AuthCard, linkClass } from './auth-card.tsx';

interface CheckInboxProps {
  readonly email: string;
  /** `register` does not reveal whether the address already has an account. */
  readonly after: 'register' | 'sign-in';
  /** The path to open after the sign-in. */
  readonly next?: string | undefined;
  /** Shows the form again. */
  readonly onBack: () => void;
}

/** Shown to users who must verify their email address before they can sign in. */
export function CheckInbox({ email, after, next, onBack }: CheckInboxProps) {
  const resend = useMutation({
    mutationFn: async () => {
      const data = await requestAsNobody(ResendVerificationToDocument, { input: { email } });
      return expectSuccess(data.resendEmailVerification, 'ResendEmailVerificationSuccess');
    },
  });
  return (
    <AuthCard
      title="Check your inbox"
      description={
        <>
          {after === 'register'
            ? 'We sent an email to '
            : 'Your account is not active yet. Open the link that we sent to '}
          <strong className="font-medium text-ink">{email}</strong>
          {after === 'register'
            ? '. Open the link in it to finish, then sign in.'
            : ', then sign in.'}
        </>
      }
      footer={
        <>
          Wrong address?{' '}
          <button type="button" className={`cursor-pointer ${linkClass}`} onClick={onBack}>
            Go back
          </button>
        </>
      }
    >
      <Link to="/sign-in" search={{ next }} className={buttonClass('primary')} onClick={onBack}>
        Continue to sign in
      </Link>
      <div className="flex flex-col gap-3">
        <p className="text-quiet">No email after a few minutes? Check your spam folder.</p>
        <Button isLoading={resend.isPending} onClick={() => resend.mutate()}>
          Send the link again
        </Button>
        <p role="status" className="text-quiet empty:hidden">
          {resend.isSuccess && 'A new link is on its way. Earlier links still work.'}
          {resend.isError && explainError(resend.error)}
        </p>
      </div>
    </AuthCard>
  );
}
