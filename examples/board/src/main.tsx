import './styles.css';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { Boards } from './boards.tsx';
import { SignIn } from './sign-in.tsx';
import { signedInUser, signOut } from './session.ts';
import { createLiveClient } from './tessera.ts';
import { LiveProvider } from './use-live-query.tsx';

function App() {
  const [user, setUser] = useState(signedInUser);
  if (user === null) return <SignIn onSignedIn={setUser} />;
  const leave = () => {
    signOut();
    setUser(null);
  };
  return <SignedIn key={user} user={user} onSignOut={leave} />;
}

/** Each signed-in user has an own connection and an own cache, so that nothing of another user is shown. */
function SignedIn({ user, onSignOut }: { user: string; onSignOut: () => void }) {
  const [isConnected, setIsConnected] = useState(false);
  const cache = useMemo(() => new QueryClient(), []);
  const client = useMemo(() => createLiveClient(setIsConnected), []);
  useEffect(() => () => void client.dispose(), [client]);
  return (
    <QueryClientProvider client={cache}>
      <LiveProvider client={client}>
        <header>
          <h1>Board</h1>
          <span role="status" className={isConnected ? 'live' : ''}>
            {isConnected ? 'Live' : 'Connecting…'}
          </span>
          <span className="user">{user}</span>
          <button onClick={onSignOut}>Sign out</button>
        </header>
        <Boards />
      </LiveProvider>
    </QueryClientProvider>
  );
}

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no element for the app.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
