import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

import { IconButton } from './icon-button.tsx';

interface PagerProps {
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  readonly onPrevious: () => void;
  readonly onNext: () => void;
  /** The current position: "1–20 of 81". */
  readonly label?: ReactNode;
  /** The accessible name of the navigation landmark. */
  readonly name?: string;
}

/** Buttons for the previous and the next page. */
export function Pager({
  hasPrevious,
  hasNext,
  onPrevious,
  onNext,
  label,
  name = 'Pages',
}: PagerProps) {
  return (
    <nav aria-label={name} className="flex items-center justify-end gap-2 text-quiet">
      <span role="status" className="mr-1 tabular-nums">
        {label}
      </span>
      <IconButton
        label="Previous page"
        icon={ChevronLeft}
        size="sm"
        variant="secondary"
        disabledReason={hasPrevious ? null : 'This is the first page.'}
        onClick={onPrevious}
      />
      <IconButton
        label="Next page"
        icon={ChevronRight}
        size="sm"
        variant="secondary"
        disabledReason={hasNext ? null : 'This is the last page.'}
        onClick={onNext}
      />
    </nav>
  );
}
