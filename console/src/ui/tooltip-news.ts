import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';

export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

interface TooltipPayload {
  readonly content: ReactNode;
  readonly side: TooltipSide;
}

/** Ties whatever has a tooltip to the one popup that shows them all. */
export const tooltips = Base.createHandle<TooltipPayload>();

let isAnyWanted = false;
let waiting: Element | null = null;
const listeners = new Set<() => void>();

/**
 * Who asks for a tooltip before there is a popup to show it: what places and draws one is a tenth of a first load,
 * and comes with the first control that is hovered or focused.
 */
export const tooltipNews = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAnyWanted: () => isAnyWanted,
  /** @param element that is hovered or has the focus */
  want: (element: Element) => {
    waiting = element;
    if (isAnyWanted) return;
    isAnyWanted = true;
    for (const listener of listeners) listener();
  },
  /** It was left before anything was shown. */
  forget: () => {
    waiting = null;
  },
  /** Null, too, where the page has gone on without it. */
  waiting: () => (waiting?.isConnected === true ? waiting : null),
};
