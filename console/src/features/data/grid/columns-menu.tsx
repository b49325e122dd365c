import { Columns3 } from 'lucide-react';

import type { ModelField, Model } from '#console/domain/models/project-models.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { Popover } from '#console/ui/popover.tsx';

import { typeText } from '../labels.ts';
import { usualFields } from './columns.ts';

interface ColumnsMenuProps {
  readonly model: Model;
  readonly shown: readonly ModelField[];
  readonly onChange: (columns: string | undefined) => void;
}

const columnsOf = (fields: readonly ModelField[]): string | undefined =>
  fields.map(({ name }) => name).join(',') || undefined;

/** States how many columns are hidden, with a button that shows them. */
export function HiddenColumns({ model, shown, onChange }: ColumnsMenuProps) {
  const hidden = model.fields.length - shown.length;
  return (
    <p
      role="status"
      className="flex items-center gap-2 text-[0.8125rem] text-quiet empty:hidden max-sm:w-full"
    >
      {hidden > 0 && (
        <>
          {countOf(hidden, 'column')} hidden
          <Button size="sm" variant="ghost" onClick={() => onChange(columnsOf(model.fields))}>
            Show all
          </Button>
        </>
      )}
    </p>
  );
}

export function ColumnsMenu({ model, shown, onChange }: ColumnsMenuProps) {
  const show = (fields: readonly ModelField[]) => onChange(columnsOf(fields));
  const usual = usualFields(model);
  const isUsual = usual.length === shown.length && usual.every((field) => shown.includes(field));
  return (
    <Popover
      align="end"
      title="Columns"
      trigger={
        <Button size="sm" icon={Columns3}>
          Columns
        </Button>
      }
    >
      <div className="space-y-2">
        {model.fields.map((field) => (
          <Checkbox
            key={field.name}
            label={
              <>
                {field.name} <span className="font-mono text-xs text-quiet">{typeText(field)}</span>
              </>
            }
            checked={shown.includes(field)}
            // The last column cannot be hidden.
            disabled={shown.length === 1 && shown.includes(field)}
            onCheckedChange={(isOn) =>
              show(model.fields.filter((each) => (each === field ? isOn : shown.includes(each))))
            }
          />
        ))}
      </div>
      <div className="mt-4 flex gap-2">
        <Button size="sm" onClick={() => show(model.fields)}>
          Show all
        </Button>
        {!isUsual && (
          <Button size="sm" variant="ghost" onClick={() => onChange(undefined)}>
            Reset
          </Button>
        )}
      </div>
    </Popover>
  );
}
