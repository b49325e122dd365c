// Ids that both the dataset's SQL and the load generator can compute from the same numbers. They ascend like UUIDv7.

export interface DatasetSize {
  readonly boards: number;
  readonly issuesPerBoard: number;
}

export const statuses = ['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE'] as const;

export const statusOf = (index: number): string => statuses[index % statuses.length] ?? 'DONE';

export const idPrefix = { board: '0190b0a2', issue: '01901550', user: '0190005e' } as const;

/** @param board starts at 0 */
export const boardId = (board: number): string => idOf(idPrefix.board, board);

/**
 * @param board starts at 0
 * @param number starts at 1, like the issue numbers on a board
 */
export const issueId = (board: number, number: number): string =>
  idOf(idPrefix.issue, board * 10_000 + number);

const idOf = (prefix: string, index: number): string =>
  `${prefix}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
