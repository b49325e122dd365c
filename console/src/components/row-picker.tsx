import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type Ref } from 'react';

import type { Model } from '#console/domain/models/project-models.ts';
import type { RowId } from '#console/domain/models/row-key.ts';
import { Combobox } from '#console/ui/combobox.tsx';
import type { FieldControl } from '#console/ui/field.tsx';

import { choicesQuery } from '#console/domain/models/choices.queries.ts';
import { labelOf, shortId } from '#console/domain/models/row-labels.ts';
import type { Reference } from '#console/domain/models/rows.ts';

interface RowPickerProps extends Partial<FieldControl> {
  readonly projectRef: string;
  readonly model: Model;
  readonly value: RowId | null;
  /** The chosen row, if its label is already loaded. */
  readonly known?: Reference | null;
  readonly onValueChange: (id: RowId | null) => void;
  readonly isClearable?: boolean;
  readonly label?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  /** Called when the list opens or closes. */
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** A combobox that finds a row of a model by its label or key. */
export function RowPicker(props: RowPickerProps) {
  const { projectRef, model, value, known, onValueChange, isClearable, label, ...rest } = props;
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(known ?? null);
  // While the input shows the label of the chosen row, the label is not used as search text.
  const searched = chosen !== null && text === labelOf(chosen) ? '' : text;
  const { data = [], error } = useQuery(
    choicesQuery(projectRef, model, useDeferredValue(searched)),
  );
  const isListed = chosen === null || data.some(({ id }) => id === chosen.id);
  const rows = isListed || chosen.id !== value ? data : [chosen, ...data];
  const unlisted = value !== null && !rows.some(({ id }) => id === value);
  const options = [...rows, ...(unlisted ? [{ id: value, label: null }] : [])].map((row) => ({
    value: row.id,
    label: labelOf(row),
    // Without a label, the key is the label.
    ...(labelOf(row) !== shortId(row.id) && { description: shortId(row.id) }),
  }));
  return (
    <Combobox
      {...rest}
      {...(label !== undefined && { label })}
      options={options}
      value={value}
      placeholder={`Search ${model.name}…`}
      emptyText={error === null ? `No ${model.name} rows found.` : error.message}
      {...(isClearable !== undefined && { isClearable })}
      onInputValueChange={setText}
      onValueChange={(id) => {
        setChosen(data.find((row) => row.id === id) ?? null);
        onValueChange(id);
      }}
    />
  );
}
