import { useEffect, useMemo, useState } from 'react';

import { memberLive } from '#console/lib/api/live.ts';

import type { DataSearch } from '../data-search.ts';
import type { DataSource } from '../data.queries.ts';
import { whereOf } from '../filters/filters.ts';
import {
  changesDocument,
  changesInWords,
  noChanges,
  withChange,
  type RowChange,
  type RowChanges,
} from './row-changes.ts';

interface Followed {
  /** The stream that the changes belong to. */
  readonly stream: string;
  readonly changes: RowChanges;
  /** Why changes are not followed anymore. */
  readonly problem: string | null;
}

export interface RowNews {
  /** What has changed since the list was loaded, such as `3 new rows`; null if nothing has. */
  readonly changes: string | null;
  /** Why later changes are not noticed; null if they are. */
  readonly problem: string | null;
}

const nothing: RowNews = { changes: null, problem: null };

/**
 * Follows the changes of a list after it was loaded.
 * @param cursor the place of the list in the change log; null if the model is not live, or while the list is loading
 */
export function useRowChanges(
  source: DataSource,
  search: Pick<DataSearch, 'filters' | 'match' | 'within'>,
  cursor: string | null,
): RowNews {
  const { ref, model, viewAs } = source;
  const live = useMemo(() => memberLive(ref), [ref]);
  useEffect(() => () => live.close(), [live]);
  const where = whereOf(model, search);
  const isFollowed = model.changes !== null && cursor !== null && viewAs === null;
  const operation = isFollowed
    ? JSON.stringify({
        document: changesDocument(model, model.changes),
        variables: { ...(where !== null && { where }), after: cursor },
      })
    : null;
  const [followed, setFollowed] = useState<Followed | null>(null);

  useEffect(() => {
    if (operation === null) return;
    const update = (next: (before: Followed) => Followed) => {
      const start = { stream: operation, changes: noChanges, problem: null };
      setFollowed((before) => next(before?.stream === operation ? before : start));
    };
    // The text above.
    const sent = JSON.parse(operation) as { document: string; variables: Record<string, unknown> };
    return live.subscribe(sent, {
      next: ({ data, errors }) => {
        if (data == null) {
          const problem = errors?.at(0)?.message ?? 'The gateway has sent an empty result.';
          update((before) => ({ ...before, problem }));
          return;
        }
        // The document selects these fields.
        const { change } = data as { readonly change: RowChange };
        update((before) => ({ ...before, changes: withChange(before.changes, change) }));
      },
      end: (error) => {
        if (error === null) return;
        const { code, message } = error;
        update((before) =>
          code === 'CURSOR_EXPIRED'
            ? { ...before, changes: 'UNKNOWN' }
            : { ...before, problem: message },
        );
      },
    });
  }, [live, operation]);

  if (followed === null || followed.stream !== operation) return nothing;
  const { changes, problem } = followed;
  // The filters do not describe the list of another row, so some of the changes are not in it.
  const isUncertain = search.within !== undefined && changesInWords(changes) !== null;
  return { changes: changesInWords(isUncertain ? 'UNKNOWN' : changes), problem };
}
