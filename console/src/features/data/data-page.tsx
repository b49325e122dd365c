import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { RowSelectionState } from '@tanstack/react-table';
import { Download, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';

import { ViewAsBanner, ViewAsButton } from '#console/components/view-as/view-as-control.tsx';
import { fieldNamed, modelNamed } from '#console/domain/models/project-models.ts';
import type { Project } from '#console/domain/project.queries.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Button } from '#console/ui/button.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Page } from '#console/ui/page.tsx';

import type { DataSearch } from './data-search.ts';
import { readSort, useDataView, type DataView } from './data-view.ts';
import { countQuery, rowsQuery, type DataSource } from './data.queries.ts';
import { FilterBar } from './filters/filter-bar.tsx';
import { shownFields } from './grid/columns.ts';
import { ColumnsMenu, HiddenColumns } from './grid/columns-menu.tsx';
import { RowsSection } from './grid/rows-section.tsx';
import { ModelList } from './model-list.tsx';
import { DeleteRows } from './row/delete-rows.tsx';
import { AddRowPanel } from './row/add-row-panel.tsx';
import { listLinkOf } from './row/list-link.ts';
import { RemoveFromList } from './row/remove-from-list.tsx';
import { RowPanel } from './row/row-panel.tsx';

const ExportDialog = lazy(() => import('./export/export-dialog.tsx'));

interface DataPageProps {
  readonly project: Project;
  readonly source: DataSource;
  /** Why this member cannot write rows; null if they can. */
  readonly readOnlyReason: string | null;
}

/** The page for one model's rows. The route remounts the page for each model, which clears the selection. */
export function DataPage({ project, source, readOnlyReason }: DataPageProps) {
  const { ref, models, model, viewAs } = source;
  const view = useDataView();
  const { search, adjust } = view;
  return (
    <Page
      width="full"
      title={model.name}
      description={model.description ?? undefined}
      actions={
        <>
          <ViewAsButton project={project} />
          <Button
            variant="primary"
            icon={Plus}
            disabledReason={readOnlyReason}
            onClick={() => adjust({ add: true })}
          >
            Add row
          </Button>
        </>
      }
    >
      <ViewAsBanner project={project} />
      <div className="grid min-w-0 gap-6 max-lg:gap-4 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <ModelList projectRef={ref} models={models} current={model.name} viewAs={viewAs} />
        <Browser source={source} readOnlyReason={readOnlyReason} view={view} />
      </div>
      {search.add === true && readOnlyReason === null && (
        <AddRowPanel
          source={source}
          within={knownWithin(source, search)}
          onClose={() => adjust({ add: undefined })}
          onAdded={(id) => adjust({ add: undefined, row: id ?? undefined })}
        />
      )}
      {search.row !== undefined && search.add === undefined && (
        <RowPanel
          key={search.row}
          source={source}
          id={search.row}
          readOnlyReason={readOnlyReason}
          onClose={() => adjust({ row: undefined })}
        />
      )}
    </Page>
  );
}

/** Ignores `within` if it does not name a list of this model, for example after a schema change. */
function knownWithin({ models, model }: DataSource, { within }: DataSearch): DataSearch['within'] {
  if (within === undefined) return undefined;
  const owner = modelNamed(models, within.type);
  const field = owner === null ? null : fieldNamed(owner, within.field);
  return field?.kind === 'TO_MANY' && field.target === model.name ? within : undefined;
}

interface BrowserProps extends Omit<DataPageProps, 'project'> {
  readonly view: DataView;
}

function Browser({ source, readOnlyReason, view }: BrowserProps) {
  const { model } = source;
  const { adjust } = view;
  const search = { ...view.search, within: knownWithin(source, view.search) };
  const fields = useMemo(
    () => shownFields(model, view.search.columns),
    [model, view.search.columns],
  );
  const rows = useQuery(rowsQuery(source, search, fields));
  const total = useQuery(countQuery(source, search));
  const [selection, setSelection] = useState<RowSelectionState>({});
  const [isExporting, setIsExporting] = useState(false);
  const columnChoice = {
    model,
    shown: fields,
    onChange: (columns: string | undefined) => adjust({ columns }),
  };
  return (
    <section aria-label="Rows" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <FilterBar source={source} view={{ ...view, search }} owner={rows.data?.owner ?? null} />
        <div className="flex flex-wrap items-center gap-2">
          <HiddenColumns {...columnChoice} />
          <RefreshButton projectRef={source.ref} isFetching={rows.isFetching} />
          <ColumnsMenu {...columnChoice} />
          <Button size="sm" icon={Download} onClick={() => setIsExporting(true)}>
            Export
          </Button>
        </div>
      </div>
      <SelectionBar
        source={source}
        within={search.within}
        selection={selection}
        readOnlyReason={readOnlyReason}
        onClear={() => setSelection({})}
      />
      <RowsSection
        source={source}
        view={{ ...view, search }}
        fields={fields}
        rows={rows}
        total={total.data}
        grid={{
          sorts: readSort(search.sort),
          selection,
          onSelectionChange: setSelection,
          readOnlyReason,
        }}
      />
      {isExporting && (
        <Suspense>
          <ExportDialog
            source={source}
            search={search}
            total={total.data}
            onClose={() => setIsExporting(false)}
          />
        </Suspense>
      )}
    </section>
  );
}

function RefreshButton({ projectRef, isFetching }: { projectRef: string; isFetching: boolean }) {
  const client = useQueryClient();
  return (
    <IconButton
      label="Refresh"
      icon={RefreshCw}
      size="sm"
      variant="secondary"
      isLoading={isFetching}
      onClick={() => void client.invalidateQueries({ queryKey: queryKeys.data.all(projectRef) })}
    />
  );
}

interface SelectionBarProps extends Omit<DataPageProps, 'project'> {
  readonly within: DataSearch['within'];
  readonly selection: RowSelectionState;
  readonly onClear: () => void;
}

function SelectionBar({ source, within, selection, readOnlyReason, onClear }: SelectionBarProps) {
  const ids = Object.keys(selection).filter((id) => selection[id]);
  const link = within === undefined ? null : listLinkOf(source.models, source.model, within);
  const [asked, setAsked] = useState<readonly string[]>([]);
  return (
    <div role="status" className="contents">
      {ids.length > 0 && (
        <div className="flex flex-wrap items-center gap-3 rounded-lg border border-accent/20 bg-accent-soft px-3 py-1.5">
          <span>{countOf(ids.length, 'row')} selected</span>
          {within !== undefined && link?.field.isLinkable === true && (
            <RemoveFromList
              {...{ source, within, link, ids, readOnlyReason }}
              onRemoved={onClear}
            />
          )}
          <Button
            size="sm"
            icon={Trash2}
            disabledReason={readOnlyReason}
            onClick={() => setAsked(ids)}
          >
            Delete selected
          </Button>
          <Button size="sm" variant="ghost" onClick={onClear}>
            Clear selection
          </Button>
        </div>
      )}
      <DeleteRows source={source} ids={asked} onClose={() => setAsked([])} onDeleted={onClear} />
    </div>
  );
}
