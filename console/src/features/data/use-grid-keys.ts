import { useState, type KeyboardEvent } from 'react';

export interface Place {
  readonly row: number;
  readonly column: number;
}

interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/**
 * One tab stop for all cells, and the arrow keys between them, as the grid pattern of ARIA has it. In a cell,
 * Enter edits, Space shows all of it or ticks it, and Ctrl+Enter follows where it leads.
 */
export function useGridKeys({ rows, columns }: GridSize) {
  const [grid, setGrid] = useState<HTMLTableElement | null>(null);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });

  const cellAt = ({ row, column }: Place) =>
    grid?.querySelector<HTMLElement>(`[data-place="${row}:${column}"]`) ?? null;
  const goTo = (place: Place): void => {
    const to = {
      row: clamp(place.row, rows),
      column: clamp(place.column, columns),
    };
    setActive(to);
    cellAt(to)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, onEdit: (place: Place) => void): void => {
    const cell = event.currentTarget;
    // What stands in a cell has keys of its own.
    if (event.target !== cell) return;
    const place = placeOf(cell);
    const to = neighbour(place, event, { rows, columns });
    if (to !== null) {
      event.preventDefault();
      goTo(to);
      return;
    }
    if (event.key === ' ') {
      event.preventDefault();
      clickIn(cell, '[data-peek]');
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) clickIn(cell, '[data-follow]');
      else onEdit(place);
    } else if (event.key === 'F2') onEdit(place);
  };
  /** Where there is nothing to edit, Enter does what there is to do. */
  const press = (place: Place): void => clickIn(cellAt(place), '[data-follow], [data-peek]');

  /** For each cell of the body. */
  const cellProps = ({ row, column }: Place, onEdit: (place: Place) => void) => ({
    'data-place': `${row}:${column}`,
    tabIndex: clamp(active.row, rows) === row && clamp(active.column, columns) === column ? 0 : -1,
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => onKeyDown(event, onEdit),
    onFocus: () => setActive({ row, column }),
  });
  return { setGrid, goTo, press, cellProps };
}

const clickIn = (cell: HTMLElement | null, selector: string): void =>
  cell?.querySelector<HTMLElement>(selector)?.click();

const clamp = (index: number, count: number): number => Math.max(0, Math.min(index, count - 1));

function placeOf(cell: HTMLElement): Place {
  const [row = 0, column = 0] = (cell.dataset['place'] ?? '').split(':').map(Number);
  return { row, column };
}

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
