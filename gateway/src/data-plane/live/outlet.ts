/** Where a transport sends results. */
export interface Outlet {
  /** Whether a result can be sent now. Otherwise, the client has not yet read what was sent before. */
  readonly isOpen: boolean;
  /** Calls `callback` when it is open. A callback that is passed again before that is called once. */
  onOpen(callback: () => void): void;
}

/** An outlet that takes every result at once. */
export const openOutlet: Outlet = { isOpen: true, onOpen: () => undefined };
