import { Link } from '@tanstack/react-router';
import { RefreshCw } from 'lucide-react';

import { Button } from '#console/ui/button.tsx';

import type { RowNews } from './use-row-changes.ts';

interface ChangesNoticeProps {
  readonly news: RowNews;
  readonly isLoading: boolean;
  readonly onLoad: () => void;
}

/** Says what has changed since the list was loaded. The rows themselves stay until the member loads the changes. */
export function ChangesNotice({
  news: { changes, problem },
  isLoading,
  onLoad,
}: ChangesNoticeProps) {
  return (
    <div role="status" className="contents">
      {changes !== null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg border border-info/25 bg-info-soft px-3 py-1.5">
          <span>{changes}</span>
          <Button size="sm" icon={RefreshCw} isLoading={isLoading} onClick={onLoad}>
            Load changes
          </Button>
        </div>
      )}
      {problem !== null && (
        <p className="text-[0.8125rem] text-quiet">Changes are not followed anymore: {problem}</p>
      )}
    </div>
  );
}

/** For a model without `@live`: opens the schema editor with the directive added. */
export function NotLiveHint({ projectRef, model }: { projectRef: string; model: string }) {
  return (
    <p className="text-[0.8125rem] text-quiet">
      This list does not follow changes.{' '}
      <Link
        to="/projects/$ref/schema"
        params={{ ref: projectRef }}
        search={{ live: model }}
        className="font-medium text-accent underline underline-offset-2 hover:text-accent-strong"
      >
        Add @live to {model}
      </Link>
    </p>
  );
}
