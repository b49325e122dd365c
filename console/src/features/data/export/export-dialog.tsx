import { useRef, useState } from 'react';

import { explainError } from '#console/lib/api/errors.ts';
import { requestProject } from '#console/lib/api/project.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { Dialog } from '#console/ui/dialog.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { toast } from '#console/ui/toast.ts';

import type { DataSearch } from '../data-search.ts';
import { listOf, selectionVariables, type DataSource, type RowPage } from '../data.queries.ts';
import { pageDocument } from '../documents.ts';
import {
  exportBound,
  exportColumnsOf,
  exportRows,
  type ExportColumn,
  type ExportedFile,
  type ExportFormat,
} from './export-rows.ts';

interface ExportDialogProps {
  readonly source: DataSource;
  readonly search: DataSearch;
  /** The number of matching rows; undefined while they are being counted. */
  readonly total: number | undefined;
  readonly onClose: () => void;
}

const descriptions: Readonly<Record<ExportFormat, string>> = {
  csv: 'RFC 4180, in UTF-8. Null is written as an empty field, and an empty string as "". Lists and JSON values are written as JSON.',
  json: 'An array of objects in the API’s format. Decimal and BigInt values are strings so that no precision is lost.',
};

/** Exports all matching rows to a file, page by page. */
export default function ExportDialog({ source, search, total, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('csv');
  const [isGuarded, setIsGuarded] = useState(true);
  const { progress, problem, run, cancel } = useExport(source, search, onClose);
  const isRunning = progress !== null;
  return (
    <Dialog
      open
      isDismissible={!isRunning}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={`Export ${source.model.name}`}
      description={`Export ${total === undefined ? 'all matching rows' : countOf(total, 'row')} in the current sort order, with all values and the keys of related rows. The limit is ${countOf(exportBound, 'row')}.`}
      footer={
        <>
          <Button onClick={isRunning ? cancel : onClose}>Cancel</Button>
          <Button
            variant="primary"
            isLoading={isRunning}
            onClick={() => void run(format, isGuarded)}
          >
            Export
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Segmented
          label="Format"
          options={[
            { value: 'csv', label: 'CSV' },
            { value: 'json', label: 'JSON' },
          ]}
          value={format}
          onValueChange={setFormat}
        />
        <p className="text-quiet">{descriptions[format]}</p>
        {format === 'csv' && (
          <Checkbox
            label="Make the file safe for spreadsheets"
            description="Adds an apostrophe before text that a spreadsheet would treat as a formula, such as text that starts with =, +, - or @. Turn this off if a program will read the file."
            checked={isGuarded}
            onCheckedChange={setIsGuarded}
          />
        )}
        <div role="status" className="empty:hidden">
          {isRunning && (
            <ExportProgress done={progress} total={Math.min(total ?? exportBound, exportBound)} />
          )}
        </div>
        <FormError>{problem}</FormError>
      </div>
    </Dialog>
  );
}

function ExportProgress({ done, total }: { done: number; total: number }) {
  return (
    <div className="space-y-1">
      <progress
        aria-label="Rows exported"
        className="h-2 w-full accent-accent"
        value={done}
        max={Math.max(total, 1)}
      />
      <p className="text-quiet tabular-nums">{countOf(done, 'row')} exported</p>
    </div>
  );
}

function useExport(source: DataSource, search: DataSearch, onDone: () => void) {
  const [progress, setProgress] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const running = useRef<AbortController>(null);

  const run = async (format: ExportFormat, isGuarded: boolean) => {
    const abort = new AbortController();
    running.current = abort;
    setProblem(null);
    setProgress(0);
    try {
      const columns = exportColumnsOf(source.model);
      const fetchPage = pageFetcher(source, search, columns, abort.signal);
      const done = await exportRows({
        format,
        columns,
        isGuarded,
        fetchPage,
        onProgress: setProgress,
      });
      saveFile(done.file, `${source.model.many}.${format}`);
      reportDone(done);
      onDone();
    } catch (error) {
      if (!abort.signal.aborted) setProblem(explainError(error));
    } finally {
      setProgress(null);
    }
  };
  return { progress, problem, run, cancel: () => running.current?.abort() };
}

/** Downloads a file through the browser. */
function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser needs the URL only until the download has started.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function reportDone({ rows, isCut }: ExportedFile): void {
  if (isCut)
    toast.warning(
      `Exported the first ${countOf(rows, 'row')}. To export the rest, filter the rows or use the API.`,
    );
  else toast.success(`Exported ${countOf(rows, 'row')}.`);
}

function pageFetcher(
  source: DataSource,
  search: DataSearch,
  columns: readonly ExportColumn[],
  signal: AbortSignal,
) {
  const { ref, models, model, viewAs } = source;
  const selection = columns.map(({ name }) => name).join(' ');
  const document = pageDocument({ models, model, within: search.within }, selection);
  const fixed = { ...selectionVariables(source, search), first: model.maxPageSize };
  return async (after: string | null): Promise<RowPage> => {
    const variables = after === null ? fixed : { ...fixed, after };
    const page = listOf<RowPage>(
      await requestProject(ref, { document, variables, signal, viewAs }),
    );
    if (page === null) throw new Error('The row that this list belongs to was deleted.');
    return page;
  };
}
