import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { ListFilter, X } from 'lucide-react';
import { useState } from 'react';

import { fieldNamed, modelNamed } from '#console/domain/models/project-models.ts';
import { Button, buttonClass } from '#console/ui/button.tsx';
import { cn } from '#console/ui/cn.ts';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Popover } from '#console/ui/popover.tsx';
import { Segmented } from '#console/ui/segmented.tsx';

import { linkClass } from '../field-value.tsx';
import { rowQuery, type DataSource } from '../data.queries.ts';
import type { Filter, Within } from '../data-search.ts';
import type { DataView } from '../data-view.ts';
import { FilterEditor, freshFilter } from './filter-editor.tsx';
import { conditionOf, operatorNamed } from './filters.ts';
import { labelOf, shortId } from '#console/domain/models/row-labels.ts';
import type { Reference } from '#console/domain/models/rows.ts';
import { labelFieldOf } from '#console/domain/models/project-models.ts';

interface FilterBarProps {
  readonly source: DataSource;
  readonly view: DataView;
  readonly owner: Reference | null;
}

/** The list's filters, each with controls to change or remove it, and a button that adds a filter. */
export function FilterBar({ source, view, owner }: FilterBarProps) {
  const { search, show } = view;
  const filters = search.filters ?? [];
  const [isAdding, setIsAdding] = useState(false);
  const replace = (index: number, filter: Filter | null) =>
    show({ filters: withFilter(filters, index, filter) });
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {search.within !== undefined && (
        <WithinChip
          source={source}
          within={search.within}
          owner={owner}
          onRemove={() => show({ within: undefined })}
        />
      )}
      {filters.map((filter, index) => (
        <FilterChip
          // Filters can be equal, so the key includes the index.
          key={`${index} ${JSON.stringify(filter)}`}
          source={source}
          filter={filter}
          onChange={(changed) => replace(index, changed)}
        />
      ))}
      {filters.length > 1 && (
        <Segmented
          label="Combine filters"
          options={[
            { value: 'all', label: 'Match all' },
            { value: 'any', label: 'Match any' },
          ]}
          value={search.match ?? 'all'}
          onValueChange={(match) => show({ match: match === 'any' ? 'any' : undefined })}
        />
      )}
      <Popover
        open={isAdding}
        onOpenChange={setIsAdding}
        label="Add a filter"
        trigger={
          <Button size="sm" icon={ListFilter}>
            Filter
          </Button>
        }
      >
        <FilterEditor
          source={source}
          filter={freshFilter(source)}
          submitLabel="Add filter"
          onSubmit={(filter) => {
            setIsAdding(false);
            show({ filters: [...filters, filter] });
          }}
        />
      </Popover>
      {filters.length > 0 && (
        <Button
          size="sm"
          variant="ghost"
          onClick={() => show({ filters: undefined, match: undefined })}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
}

function withFilter(
  filters: readonly Filter[],
  index: number,
  filter: Filter | null,
): Filter[] | undefined {
  const next = filter === null ? filters.toSpliced(index, 1) : filters.toSpliced(index, 1, filter);
  return next.length === 0 ? undefined : next;
}

interface FilterChipProps {
  readonly source: DataSource;
  readonly filter: Filter;
  readonly onChange: (filter: Filter | null) => void;
}

function FilterChip({ source, filter, onChange }: FilterChipProps) {
  const [isOpen, setIsOpen] = useState(false);
  const field = fieldNamed(source.model, filter.field);
  const operator = field === null ? null : operatorNamed(field, filter.operator);
  const condition = conditionOf(source.model, filter);
  const words = `${filter.field} ${operator?.words ?? filter.operator}`;
  return (
    <span className="inline-flex max-w-full items-center">
      <Popover
        open={isOpen}
        onOpenChange={setIsOpen}
        label={`Edit the filter on ${filter.field}`}
        trigger={
          <button
            type="button"
            title={condition.isOk ? undefined : condition.problem}
            className={cn(
              buttonClass('secondary', 'sm'),
              'min-w-0 shrink rounded-r-none',
              !condition.isOk && 'border-danger text-danger',
            )}
          >
            <span className="truncate">
              <span className="font-normal">{words}</span>{' '}
              <OperandText source={source} filter={filter} isRow={operator?.operand === 'ROW'} />
              {!condition.isOk && ' (ignored)'}
            </span>
          </button>
        }
      >
        <FilterEditor
          source={source}
          filter={filter}
          submitLabel="Update filter"
          onSubmit={(changed) => {
            setIsOpen(false);
            onChange(changed);
          }}
        />
      </Popover>
      <IconButton
        label={`Remove the filter: ${words}`}
        icon={X}
        size="sm"
        variant="secondary"
        className="-ml-px rounded-l-none"
        onClick={() => onChange(null)}
      />
    </span>
  );
}

interface OperandTextProps extends Pick<FilterChipProps, 'source' | 'filter'> {
  readonly isRow: boolean;
}

function OperandText({ source, filter, isRow }: OperandTextProps) {
  const { value } = filter;
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.join(', ');
  if (isRow) return <RowName source={source} field={filter.field} id={value} />;
  return value === '' ? '""' : value;
}

/** The related row's label, or a short ID until the label is loaded. */
function RowName({ source, field, id }: { source: DataSource; field: string; id: string }) {
  const relation = fieldNamed(source.model, field);
  const target =
    relation !== null && 'target' in relation ? modelNamed(source.models, relation.target) : null;
  const { data } = useQuery({
    ...rowQuery({ ...source, model: target ?? source.model }, id),
    enabled: target !== null,
  });
  const label = target === null ? null : labelFieldOf(target);
  const name = data == null || label === null ? null : data[label.name];
  return typeof name === 'string' && name !== '' ? name : shortId(id);
}

interface WithinChipProps {
  readonly source: DataSource;
  readonly within: Within;
  readonly owner: Reference | null;
  readonly onRemove: () => void;
}

function WithinChip({ source, within, owner, onRemove }: WithinChipProps) {
  return (
    <span className="inline-flex h-8 items-center gap-1 rounded-md border border-accent/20 bg-accent-soft pl-2.5 text-[0.8125rem] touch:h-11">
      <span>
        in <span className="font-medium">{within.field}</span> of {within.type}{' '}
        <Link
          to="/projects/$ref/data/$model"
          params={{ ref: source.ref, model: within.type }}
          search={{ row: within.id }}
          className={linkClass}
        >
          {owner === null ? shortId(within.id) : labelOf(owner)}
        </Link>
      </span>
      <IconButton
        label={`Show all ${source.model.name} rows`}
        icon={X}
        size="sm"
        onClick={onRemove}
      />
    </span>
  );
}
