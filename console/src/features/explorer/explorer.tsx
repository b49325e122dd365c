import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';

import { GraphiQL } from 'graphiql';
import { parse, print } from 'graphql';
import { useMemo } from 'react';

import { useTheme } from '#console/lib/theme.ts';

import { explorerStorage } from './explorer-storage.ts';
import { mendTabs } from './mend-tabs.ts';
import { createProjectFetcher, type Send } from './project-fetcher.ts';

interface ExplorerProps {
  readonly projectRef: string;
  /** Whose tabs are stored: a user's id, or `key`. */
  readonly owner: string;
  readonly send: Send;
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
  query,
  hasSchema = true,
}: ExplorerProps) {
  const theme = useTheme();
  const fetcher = useMemo(() => createProjectFetcher(send), [send]);
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
      </GraphiQL>
    </div>
  );
}
