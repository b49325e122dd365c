import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';

export type TooltipSide = 'top' | 'right' | 'bottom' | 'left';

interface TooltipPayload {
  readonly content: ReactNode;
  readonly side: TooltipSide;
}

/** Connects all tooltip triggers with the single popup. */
export const tooltips = Base.createHandle<TooltipPayload>();

let isAnyWanted = false;
let waiting: Element | null = null;
const listeners = new Set<() => void>();

/**
 * Tooltip requests that are made before the popup is loaded. The popup would account for a tenth of the first load, so
 * it is loaded when a control is first hovered or focused.
 */
export const tooltipNews = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
  isAnyWanted: () => isAnyWanted,
  /** Requests the tooltip of an element that is hovered or focused. */
  want: (element: Element) => {
    waiting = element;
    if (isAnyWanted) return;
    isAnyWanted = true;
    for (const listener of listeners) listener();
  },
  /** Cancels the request if the pointer or focus leaves the element before the popup is loaded. */
  forget: () => {
    waiting = null;
  },
  /** The element that is waiting for its tooltip; null if there is none or if it is no longer in the document. */
  waiting: () => (waiting?.isConnected === true ? waiting : null),
};
