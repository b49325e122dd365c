import './styles.css';
import './lib/mailed-token.ts';
import './lib/theme.ts';
import './lib/zod-without-eval.ts';

import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { createQueryClient } from './lib/query-client.ts';
import { checkWhenRestored, followSession } from './lib/session/follow-session.ts';
import { session } from './lib/session/session.ts';
import { createConsoleRouter } from './router.tsx';

const queryClient = createQueryClient();
const router = createConsoleRouter({ queryClient });

followSession(session, {
  isLoading: () => router.state.isLoading,
  revalidate: () => router.invalidate(),
  forget: () => queryClient.clear(),
  restart: () => location.replace('/'),
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html must contain an element with the ID "root".');
checkWhenRestored(session, root);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
