// The kinds of requests that are measured: their variables and the text that a response must contain.
import { datasetKeys, statusOf, type DatasetSize, type KeyKind } from './dataset-ids.ts';

export const shapeNames = ['a', 'b', 'c', 'd', 'e'] as const;
export type ShapeName = (typeof shapeNames)[number];
/** `big` is not a shape to compare. It adds load while (a) is measured again. */
export type RequestKind = ShapeName | 'big';

export const isRequestKind = (text: string): text is RequestKind => text in expectedText;

export const shapeTitles: Readonly<Record<ShapeName, string>> = {
  a: 'point look-up',
  b: 'filtered, ordered list of 20',
  c: '10 × 10 × 5, three levels',
  d: 'filtered count and aggregate',
  e: 'insert returning',
};

/** Text that every correct response contains, for all peers. */
export const expectedText: Readonly<Record<RequestKind, string>> = {
  a: '"title":"',
  b: '"title":"',
  c: '"text":"',
  d: '"sum":{"estimate":"',
  e: '"title":"',
  big: '"body":"',
};

export interface VariableSource {
  readonly size: DatasetSize;
  readonly keys: KeyKind;
  /** Returns a number from 0 up to but not including 1. */
  readonly random: () => number;
  /** Returns a number for a new issue, which is unique within a run. */
  readonly nextNumber: () => number;
}

/** Returns the variables for one request. They are the same for all peers. */
export function variablesOf(kind: RequestKind, source: VariableSource): Record<string, unknown> {
  const { size, random } = source;
  const keys = datasetKeys[source.keys];
  const below = (limit: number) => Math.floor(random() * limit);
  switch (kind) {
    case 'a':
      return { id: keys.issue(below(size.boards), 1 + below(size.issuesPerBoard)) };
    case 'b':
    case 'd':
      return { board: keys.board(below(size.boards)), status: statusOf(below(4)) };
    case 'c':
      return { ids: tenOf(size.boards, below).map((board) => keys.board(board)) };
    case 'e':
      return { data: newIssue(keys.board, source.nextNumber(), below) };
    case 'big':
      return { board: keys.board(bigBoard(size)) };
  }
}

/** Index of the board with 100 issues of 10 kB each, which produce a 1 MB response. */
export const bigBoard = ({ boards }: DatasetSize): number => boards;
/**
 * New issues are created on boards that no other shape reads, so that the other shapes find the same data in every
 * round.
 */
export const firstInsertBoard = 1_000;
export const insertBoards = 20;

function newIssue(
  boardId: (board: number) => unknown,
  number: number,
  below: (limit: number) => number,
) {
  return {
    boardId: boardId(firstInsertBoard + below(insertBoards)),
    number,
    title: `A new issue with the number ${number}`,
    status: 'TODO',
    estimate: `${below(40)}.5`,
  };
}

function tenOf(boards: number, below: (limit: number) => number): number[] {
  const first = below(boards);
  const step = 1 + below(Math.floor(boards / 10) - 1);
  return Array.from({ length: 10 }, (_, index) => (first + index * step) % boards);
}
