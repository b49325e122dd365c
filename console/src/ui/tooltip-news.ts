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
let waiting: { readonly trigger: string; readonly element: Element } | null = null;
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
  /** Requests the tooltip of an element that is hovered or focused. `trigger` is the id of its trigger. */
  want: (trigger: string, element: Element) => {
    waiting = { trigger, element };
    if (isAnyWanted) return;
    isAnyWanted = true;
    for (const listener of listeners) listener();
  },
  /** Cancels the request if the pointer or focus leaves the element before the popup is loaded. */
  forget: () => {
    waiting = null;
  },
  /** The id of the trigger that is waiting for its tooltip; null if there is none or if it is no longer in the document. */
  waiting: () => (waiting?.element.isConnected === true ? waiting.trigger : null),
};
