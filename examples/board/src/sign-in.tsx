import { QueryClient, QueryClientProvider, useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { signIn } from './session.ts';
import { request } from './tessera.ts';

/** Signs a user in, and creates the user's row at the first time. */
async function enter(user: string): Promise<void> {
  await signIn(user);
  const { me } = await request<{ me: object | null }>('{ me { id } }');
  if (me !== null) return;
  await request('mutation ($data: UserSignUpInput!) { createMe(data: $data) { id } }', {
    data: { name: user },
  });
}

const cache = new QueryClient();

export function SignIn({ onSignedIn }: { onSignedIn: (user: string) => void }) {
  return (
    <QueryClientProvider client={cache}>
      <SignInForm onSignedIn={onSignedIn} />
    </QueryClientProvider>
  );
}

function SignInForm({ onSignedIn }: { onSignedIn: (user: string) => void }) {
  const [user, setUser] = useState('');
  const entering = useMutation({ mutationFn: enter, onSuccess: () => onSignedIn(user) });
  return (
    <main className="sign-in">
      <h1>Board</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          entering.mutate(user);
        }}
      >
        <label>
          Name
          <input value={user} onChange={(event) => setUser(event.target.value)} required />
        </label>
        <button disabled={entering.isPending}>Sign in</button>
        {entering.error !== null && <p role="alert">{entering.error.message}</p>}
      </form>
    </main>
  );
}
