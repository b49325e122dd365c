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
  /** What stands there at first. */
  readonly query: string;
}

/** GraphiQL, which is large: load it lazily. Mount it anew for another project. */
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
        // The member's own token goes with each request, and is nowhere to be seen or kept.
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
