import { ChevronsLeft, ChevronsRight } from 'lucide-react';

import { pagesBeside } from '#console/lib/cursor-page.ts';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Pager } from '#console/ui/pager.tsx';
import { Select } from '#console/ui/select.tsx';

import { pageSizes, type DataSearch } from '../data-search.ts';
import { firstPage, type DataView } from '../data-view.ts';
import { usualPageSize, type Ends } from '../data.queries.ts';
import { positionText, skippedByNext, skippedByPrevious } from './page-position.ts';

interface DataPagerProps {
  readonly ends: Ends;
  readonly shown: number;
  readonly total: number | undefined;
  readonly maxPageSize: number;
  readonly view: DataView;
}

/** Navigation between pages. Keyset pagination has no page numbers, only a previous and a next page. */
export function DataPager({ ends, shown, total, maxPageSize, view }: DataPagerProps) {
  const { search, show, adjust } = view;
  const { previous, next } = pagesBeside(ends);
  const page = { search, ends, shown, total };
  const go = (to: Partial<DataSearch>) => adjust({ ...firstPage, ...to });
  const sizes = pageSizes.filter((size) => size <= maxPageSize || size === usualPageSize);
  return (
    <div className="flex flex-wrap items-center justify-between gap-3">
      <Select
        label="Rows per page"
        size="sm"
        className="w-36"
        options={sizes.map((size) => ({ value: String(size), label: `${size} per page` }))}
        value={String(search.size ?? usualPageSize)}
        onValueChange={(chosen) => {
          const size = pageSizes.find((each) => String(each) === chosen);
          show({ size: size === usualPageSize ? undefined : size });
        }}
      />
      <div className="flex items-center gap-2">
        <IconButton
          label="First page"
          icon={ChevronsLeft}
          size="sm"
          disabledReason={previous === null ? 'This is the first page.' : null}
          onClick={() => go({})}
        />
        <Pager
          name="Row list pagination"
          hasPrevious={previous !== null}
          hasNext={next !== null}
          onPrevious={() =>
            go({ ...previous, skipped: skippedByPrevious(page, search.size ?? usualPageSize) })
          }
          onNext={() => go({ ...next, skipped: skippedByNext(page) })}
          label={positionText(page)}
        />
        <IconButton
          label="Last page"
          icon={ChevronsRight}
          size="sm"
          disabledReason={next === null ? 'This is the last page.' : null}
          onClick={() => go({ end: true })}
        />
      </div>
    </div>
  );
}
