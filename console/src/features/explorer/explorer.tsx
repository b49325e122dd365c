import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';

import { GraphiQL } from 'graphiql';
import { parse, print } from 'graphql';
import { useMemo } from 'react';

import { useTheme } from '#console/lib/theme.ts';

import { explorerStorage } from './explorer-storage.ts';
import { mendTabs } from './mend-tabs.ts';
import { createProjectFetcher } from './project-fetcher.ts';

interface ExplorerProps {
  readonly projectRef: string;
  readonly userId: string;
  /** The initial operation. */
  readonly query: string;
}

/** GraphiQL. Load it lazily, because it is large. Remount it when the project changes. */
export default function Explorer({ projectRef, userId, query }: ExplorerProps) {
  const theme = useTheme();
  const fetcher = useMemo(() => createProjectFetcher(projectRef), [projectRef]);
  const storage = useMemo(
    () => explorerStorage(userId, projectRef, () => localStorage),
    [userId, projectRef],
  );
  const defaultQuery = useMemo(() => print(parse(query)), [query]);
  return (
    <div ref={mendTabs} className="h-full">
      <GraphiQL
        fetcher={fetcher}
        storage={storage}
        defaultQuery={defaultQuery}
        forcedTheme={theme}
        // Requests use the member's token, which must not be shown or stored here.
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
