import type { Model } from '#console/domain/models/project-models.ts';
import { rowIdOf, textsOfId } from '#console/domain/models/row-key.ts';
import { Field } from '#console/ui/field.tsx';

import { RowPicker } from '../row-picker.tsx';

interface UserPickerProps {
  readonly projectRef: string;
  /** The model with `@user`. Its key has one field. */
  readonly model: Model;
  /** The key of the chosen user, as text. */
  readonly value: string | null;
  readonly onValueChange: (key: string | null) => void;
  readonly isOptional?: boolean;
}

/** Chooses an end user of the project. */
export function UserPicker({ value, onValueChange, isOptional, ...rest }: UserPickerProps) {
  return (
    <Field label="User" {...(isOptional !== undefined && { isOptional })}>
      {(control) => (
        <RowPicker
          {...rest}
          {...control}
          isClearable={isOptional === true}
          value={value === null ? null : rowIdOf([value])}
          onValueChange={(id) => onValueChange(id === null ? null : (textsOfId(id)[0] ?? null))}
        />
      )}
    </Field>
  );
}
