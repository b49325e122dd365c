import { useRef, useState, type KeyboardEvent } from 'react';

export interface Place {
  readonly row: number;
  readonly column: number;
}

interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** A cell's keyboard actions. Keys without an action do nothing. */
export interface CellHandlers {
  /** Enter and F2. */
  readonly onEnter?: (() => void) | undefined;
  /** Space. */
  readonly onSpace?: (() => void) | undefined;
  /** Ctrl+Enter. */
  readonly onFollow?: (() => void) | undefined;
}

/** Props for a cell's element. */
export interface CellProps {
  readonly tabIndex: 0 | -1;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly onFocus: () => void;
}

export type CellPropsOf = (place: Place, handlers: CellHandlers) => CellProps;

/**
 * Keyboard navigation for a grid, as described in the ARIA Authoring Practices Guide: the grid has one tab stop, and
 * arrow keys move between cells. Attach `gridRef` to a table whose body has `rows` rows of `columns` cells.
 */
export function useGridKeys({ rows, columns }: GridSize) {
  const gridRef = useRef<HTMLTableElement>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });

  const goTo = (place: Place): void => {
    const row = clamp(place.row, rows);
    const column = clamp(place.column, columns);
    setActive({ row, column });
    gridRef.current?.tBodies[0]?.rows[row]?.cells[column]?.focus();
  };

  const cellProps: CellPropsOf = (place, handlers) => ({
    tabIndex:
      clamp(active.row, rows) === place.row && clamp(active.column, columns) === place.column
        ? 0
        : -1,
    onKeyDown: (event) => {
      // Controls inside the cell handle their own keys.
      if (event.target !== event.currentTarget) return;
      const handle = handlerOf(event, handlers);
      const to = neighbour(place, event, { rows, columns });
      if (to === null && handle === null) return;
      event.preventDefault();
      if (to !== null) goTo(to);
      else handle?.();
    },
    onFocus: () => setActive(place),
  });
  return { gridRef, goTo, cellProps };
}

const doNothing = (): void => undefined;

/** Returns the handler for the pressed key; null for a key that the grid does not handle. */
function handlerOf(event: KeyboardEvent, handlers: CellHandlers): (() => void) | null {
  const { onEnter = doNothing, onSpace = doNothing, onFollow = doNothing } = handlers;
  switch (event.key) {
    case ' ':
      return onSpace;
    case 'Enter':
      return event.ctrlKey || event.metaKey ? onFollow : onEnter;
    case 'F2':
      return onEnter;
    default:
      return null;
  }
}

const clamp = (index: number, count: number): number => Math.max(0, Math.min(index, count - 1));

function neighbour({ row, column }: Place, event: KeyboardEvent, size: GridSize): Place | null {
  switch (event.key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'Home':
      return { row: event.ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: event.ctrlKey ? size.rows - 1 : row, column: size.columns - 1 };
    case 'PageUp':
      return { row: 0, column };
    case 'PageDown':
      return { row: size.rows - 1, column };
    default:
      return null;
  }
}
