import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import type { KeyRowFragment } from '#console/gql/graphql.ts';
import { Button } from '#console/ui/button.tsx';
import { DialogFooter } from '#console/ui/dialog.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { RadioCards } from '#console/ui/radio-cards.tsx';

/** How long the old key stays active, in seconds. */
const overlaps = { NOW: 0, HOUR: 3_600, DAY: 86_400, WEEK: 604_800 } as const;

const options: readonly {
  value: keyof typeof overlaps;
  label: string;
  description: string;
}[] = [
  { value: 'NOW', label: 'Immediately', description: 'If the key has leaked or is unused.' },
  { value: 'HOUR', label: 'In one hour', description: 'If you are about to deploy the new key.' },
  { value: 'DAY', label: 'In one day', description: 'If a few programs use the key.' },
  {
    value: 'WEEK',
    label: 'In seven days',
    description: 'If many programs or other teams use the key.',
  },
];

const schema = z.object({ overlap: z.enum(['NOW', 'HOUR', 'DAY', 'WEEK']) });

interface RotateFormProps {
  readonly apiKey: KeyRowFragment;
  readonly onCancel: () => void;
  readonly onSubmit: (overlapSeconds: number) => Promise<unknown>;
}

export function RotateForm({ apiKey, onCancel, onSubmit }: RotateFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { overlap: 'DAY' },
    onSubmit: ({ overlap }) => onSubmit(overlaps[overlap]),
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <RadioCards
        label={
          <>
            The old key, <code className="font-mono text-[0.8125rem]">{apiKey.prefix}…</code>,
            expires
          </>
        }
        columns={2}
        options={options}
        value={form.watch('overlap')}
        onValueChange={(overlap) => form.setValue('overlap', overlap)}
      />
      <FormError>{formError}</FormError>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isLoading={form.formState.isSubmitting}>
          Rotate key
        </Button>
      </DialogFooter>
    </form>
  );
}
