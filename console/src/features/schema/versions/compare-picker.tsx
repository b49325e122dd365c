import { useNavigate } from '@tanstack/react-router';
import { ArrowLeftRight } from 'lucide-react';

import { IconButton } from '#console/ui/icon-button.tsx';
import { Select } from '#console/ui/select.tsx';

interface ComparePickerProps {
  readonly projectRef: string;
  readonly newest: number;
  /** Null while only the version `to` is shown. */
  readonly from: number | null;
  readonly to: number;
}

/** Selects two versions to compare. Versions are numbered from 1 without gaps. */
export function ComparePicker({ projectRef, newest, from, to }: ComparePickerProps) {
  const navigate = useNavigate();
  const compare = (next: { from: number; to: number }) =>
    void navigate({
      to: '/projects/$ref/schema/versions',
      params: { ref: projectRef },
      search: next,
    });
  const options = Array.from({ length: newest }, (_, index) => ({
    value: String(newest - index),
    label: `Version ${newest - index}`,
  }));
  if (from === null) {
    return (
      <Select
        label={`Compare version ${to} with`}
        placeholder="Compare with…"
        size="sm"
        className="w-48"
        options={options.filter(({ value }) => value !== String(to))}
        value={null}
        onValueChange={(value) => compare(inOrder(Number(value), to))}
      />
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Select
        label="From"
        size="sm"
        className="w-36"
        options={options}
        value={String(from)}
        onValueChange={(value) => compare({ from: Number(value), to })}
      />
      <IconButton
        label="Swap versions"
        icon={ArrowLeftRight}
        size="sm"
        onClick={() => compare({ from: to, to: from })}
      />
      <Select
        label="To"
        size="sm"
        className="w-36"
        options={options}
        value={String(to)}
        onValueChange={(value) => compare({ from, to: Number(value) })}
      />
    </div>
  );
}

/** Sorts two version numbers, so that `from` is the older version. */
const inOrder = (one: number, other: number) => ({
  from: Math.min(one, other),
  to: Math.max(one, other),
});
