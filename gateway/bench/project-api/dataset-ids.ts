// Ids that both the dataset's SQL and the load generator can compute from the same numbers. They ascend like UUIDv7.

export interface DatasetSize {
  readonly boards: number;
  readonly issuesPerBoard: number;
}

export const statuses = ['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE'] as const;

export const statusOf = (index: number): string => statuses[index % statuses.length] ?? 'DONE';

export const idPrefix = { board: '0190b0a2', issue: '01901550', user: '0190005e' } as const;

/** The keys of the dataset's rows. With `composite`, an issue is identified by its board and number. */
export const keyKinds = ['uuid', 'integer', 'composite'] as const;
export type KeyKind = (typeof keyKinds)[number];

interface DatasetKeys {
  /** @param board starts at 0 */
  readonly board: (board: number) => unknown;
  /**
   * @param board starts at 0
   * @param number starts at 1, like the issue numbers on a board
   */
  readonly issue: (board: number, number: number) => unknown;
}

export const datasetKeys: Readonly<Record<KeyKind, DatasetKeys>> = {
  uuid: {
    board: (board) => idOf(idPrefix.board, board),
    issue: (board, number) => idOf(idPrefix.issue, board * 10_000 + number),
  },
  integer: {
    board: (board) => board + 1,
    issue: (board, number) => board * 10_000 + number + 1,
  },
  composite: {
    board: (board) => board + 1,
    issue: (board, number) => ({ boardId: board + 1, number }),
  },
};

const idOf = (prefix: string, index: number): string =>
  `${prefix}-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
