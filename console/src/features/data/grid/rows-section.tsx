import type { UseQueryResult } from '@tanstack/react-query';
import { EyeOff, Plus, Rows3, SearchX } from 'lucide-react';

import type { ModelField } from '#console/domain/models/project-models.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import { firstPage, type DataView } from '../data-view.ts';
import type { DataSource, RowsAnswer } from '../data.queries.ts';
import { DataGrid, type DataGridProps } from './data-grid.tsx';
import { DataPager } from './data-pager.tsx';

interface RowsSectionProps {
  readonly source: DataSource;
  readonly view: DataView;
  readonly fields: readonly ModelField[];
  readonly rows: UseQueryResult<RowsAnswer>;
  readonly total: number | undefined;
  readonly grid: Pick<
    DataGridProps,
    'sorts' | 'selection' | 'onSelectionChange' | 'readOnlyReason'
  >;
}

/** The rows, an empty state, or an error. The old rows stay visible while new rows are loading. */
export function RowsSection({ source, view, fields, rows, total, grid }: RowsSectionProps) {
  const { search, show } = view;
  if (rows.error !== null && !rows.isFetching) {
    return <RowsError error={rows.error} view={view} onRetry={() => void rows.refetch()} />;
  }
  if (rows.data === undefined) return <SkeletonRows rows={8} label="Loading rows" />;
  const { nodes, pageInfo } = rows.data.page;
  if (search.within !== undefined && rows.data.owner === null && !rows.isPlaceholderData) {
    return (
      <EmptyState
        icon={SearchX}
        title="The row that this list belongs to was deleted"
        action={<Button onClick={() => show({ within: undefined })}>Show all rows</Button>}
      />
    );
  }
  if (nodes.length === 0 && !rows.isPlaceholderData) {
    return <NoRows view={view} source={source} readOnlyReason={grid.readOnlyReason} />;
  }
  return (
    <>
      <DataGrid
        {...grid}
        source={source}
        fields={fields}
        rows={nodes}
        search={search}
        isStale={rows.isPlaceholderData}
        onSort={(sort) => show({ sort })}
      />
      <DataPager
        ends={pageInfo}
        shown={nodes.length}
        total={total}
        maxPageSize={source.model.maxPageSize}
        view={view}
      />
    </>
  );
}

interface NoRowsProps {
  readonly view: DataView;
  readonly source: DataSource;
  readonly readOnlyReason: string | null;
}

function NoRows({ view: { search, show, adjust }, source, readOnlyReason }: NoRowsProps) {
  const isPaged = search.after !== undefined || search.before !== undefined;
  if (isPaged) {
    return (
      <EmptyState
        icon={Rows3}
        title="There are no rows on this page"
        action={<Button onClick={() => show({})}>Go to the first page</Button>}
      />
    );
  }
  if ((search.filters?.length ?? 0) > 0) {
    return (
      <EmptyState
        icon={SearchX}
        title="No rows match"
        description="Try removing a filter."
        action={
          <Button onClick={() => show({ filters: undefined, match: undefined })}>
            Clear filters
          </Button>
        }
      />
    );
  }
  if (source.viewAs !== null) {
    return (
      <EmptyState
        icon={EyeOff}
        title="No visible rows"
        description={`${source.model.name} has no rows, or the access rules hide all of them from this caller.`}
      />
    );
  }
  return (
    <EmptyState
      icon={Rows3}
      title={`${source.model.name} has no rows${search.within === undefined ? ' yet' : ' here'}`}
      description="Add a row here, or create rows through the API."
      action={
        <Button
          variant="primary"
          icon={Plus}
          disabledReason={readOnlyReason}
          onClick={() => adjust({ add: true })}
        >
          Add {search.within === undefined ? 'the first row' : 'a row'}
        </Button>
      }
    />
  );
}

interface RowsErrorProps {
  readonly error: Error;
  readonly view: DataView;
  readonly onRetry: () => void;
}

function RowsError({ error, view: { search, show }, onRetry }: RowsErrorProps) {
  const isAsked =
    search.filters !== undefined || search.sort !== undefined || search.after !== undefined;
  return (
    <Alert
      tone="danger"
      role="alert"
      title="The rows couldn’t be loaded"
      actions={
        <>
          {isAsked && (
            <Button
              size="sm"
              onClick={() => show({ ...firstPage, filters: undefined, sort: undefined })}
            >
              Clear filters and sorting
            </Button>
          )}
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        </>
      }
    >
      {explainError(error)}
    </Alert>
  );
}
