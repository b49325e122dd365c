import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';

import type { DataType } from '#console/lib/model/data-model.ts';
import { Combobox } from '#console/ui/combobox.tsx';
import type { FieldControl } from '#console/ui/field.tsx';

import { choicesQuery } from './data.queries.ts';
import type { Reference } from './documents.ts';
import { labelOf, shortId } from './labels.ts';

interface RowPickerProps extends Partial<FieldControl> {
  readonly projectRef: string;
  readonly type: DataType;
  readonly value: string | null;
  /** The row that is chosen already, so that its label is known. */
  readonly known?: Reference | null;
  readonly onValueChange: (id: string | null) => void;
  readonly isClearable?: boolean;
  readonly label?: string;
}

/** One row of a type, found by its label or its id. */
export function RowPicker(props: RowPickerProps) {
  const { projectRef, type, value, known, onValueChange, isClearable, label, ...control } = props;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(known ?? null);
  // The label of what is chosen stands in the field, too, and is nothing to search for.
  const searched = chosen !== null && text === labelOf(chosen) ? '' : text;
  const { data = [], error } = useQuery(choicesQuery(projectRef, type, useDeferredValue(searched)));
  const isListed = chosen === null || data.some(({ id }) => id === chosen.id);
  const rows = isListed || chosen.id !== value ? data : [chosen, ...data];
  const unlisted = value !== null && !rows.some(({ id }) => id === value);
  const options = [...rows, ...(unlisted ? [{ id: value, label: null }] : [])].map((row) => ({
    value: row.id,
    label: labelOf(row),
    description: shortId(row.id),
  }));
  return (
    <Combobox
      {...control}
      {...(label !== undefined && { label })}
      options={options}
      value={value}
      placeholder={`Search ${type.name}…`}
      emptyText={error === null ? `No ${type.name} is called so.` : error.message}
      {...(isClearable !== undefined && { isClearable })}
      onInputValueChange={setText}
      onValueChange={(id) => {
        setChosen(data.find((row) => row.id === id) ?? null);
        onValueChange(id);
      }}
    />
  );
}
