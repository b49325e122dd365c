import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';

import { GraphiQL } from 'graphiql';
import { parse, print } from 'graphql';
import { useEffect, useMemo, useState } from 'react';

import type { LiveState, ProjectLive } from '#console/lib/api/live.ts';
import { countOf } from '#console/lib/count-of.ts';
import { useTheme } from '#console/lib/theme.ts';

import { explorerStorage } from './explorer-storage.ts';
import { mendTabs } from './mend-tabs.ts';
import { createProjectFetcher, type LiveProgress, type Send } from './project-fetcher.ts';

interface ExplorerProps {
  readonly projectRef: string;
  /** Whose tabs are stored: a user's id, or `key`. */
  readonly owner: string;
  readonly send: Send;
  /** Creates the connection for subscriptions; a text says why they are not possible. */
  readonly live: ((onState: (state: LiveState) => void) => ProjectLive) | string;
  /** The initial operation. */
  readonly query: string;
  /** Whether the API can be introspected. If not, there is no documentation and no completion. */
  readonly hasSchema?: boolean;
}

/** GraphiQL. Load it lazily, because it is large. Remount it when the project changes. */
export default function Explorer({
  projectRef,
  owner,
  send,
  live,
  query,
  hasSchema = true,
}: ExplorerProps) {
  const theme = useTheme();
  const [progress, setProgress] = useState<LiveProgress | null>(null);
  const [connection, setConnection] = useState<LiveState>('open');
  const connected = useMemo(() => (typeof live === 'string' ? live : live(setConnection)), [live]);
  useEffect(
    () => () => {
      if (typeof connected !== 'string') connected.close();
    },
    [connected],
  );
  const fetcher = useMemo(
    () => createProjectFetcher({ send, live: connected, onProgress: setProgress }),
    [send, connected],
  );
  const storage = useMemo(
    () => explorerStorage(owner, projectRef, () => localStorage),
    [owner, projectRef],
  );
  const defaultQuery = useMemo(() => print(parse(query)), [query]);
  return (
    <div ref={mendTabs} className="h-full">
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        defaultQuery={defaultQuery}
        forcedTheme={theme}
        {...(!hasSchema && { schema: null })}
        // Requests use a token or key that must not be shown or stored here.
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
        shouldPersistHeaders={false}
      >
        <GraphiQL.Logo>
          <></>
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <p role="status" className="px-4 py-2 text-[0.8125rem] text-quiet empty:hidden">
            {progress !== null && progressText(progress, connection)}
          </p>
        </GraphiQL.Footer>
      </GraphiQL>
    </div>
  );
}

function progressText({ state, results }: LiveProgress, connection: LiveState): string {
  const received = countOf(results, 'result');
  if (state === 'ENDED') return `The subscription has ended after ${received}.`;
  if (connection === 'lost') return 'The connection was lost. Connecting again…';
  if (state === 'WAITING') return 'Subscribed. Waiting for the first result.';
  return `Subscribed. ${received} so far.`;
}
