import { Tooltip as Base } from '@base-ui/react/tooltip';
import { useEffect } from 'react';

import { tooltipNews, tooltips } from './tooltip-news.ts';

/** Renders the active trigger's tooltip. This is a default export because `lazy` requires one. */
export default function TooltipPopup() {
  useEffect(() => {
    const first = tooltipNews.waiting();
    if (first !== null) tooltips.open(first);
  }, []);
  return (
    <Base.Root handle={tooltips}>
      {({ payload }) => (
        <Base.Portal>
          <Base.Positioner
            side={payload?.side ?? 'top'}
            sideOffset={6}
            collisionPadding={8}
            className="z-50"
          >
            <Base.Popup
              aria-hidden="true"
              className="max-w-72 origin-(--transform-origin) rounded-md bg-ink px-2.5 py-1.5 text-xs text-pretty text-paper shadow-pop transition-[scale,opacity] duration-100 empty:hidden data-ending-style:opacity-0 data-instant:transition-none data-starting-style:scale-95 data-starting-style:opacity-0"
            >
              {payload?.content}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      )}
    </Base.Root>
  );
}
