import { cn } from './cn.ts';

/** The surface and animation of menus, popovers and lists that open beside a trigger. */
export const popupClass = cn(
  'origin-(--transform-origin) rounded-lg border border-line bg-surface text-ink shadow-pop outline-none',
  'transition-[scale,opacity] duration-100 ease-out data-instant:transition-none',
  'data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
);

/** An option in a menu or a list. */
export const optionClass = cn(
  'flex cursor-default items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none touch:min-h-11',
  'data-highlighted:bg-ink/6 data-disabled:text-quiet',
);
