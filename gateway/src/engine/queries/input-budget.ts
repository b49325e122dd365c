import { operationErrors } from '../errors.ts';

/** Places in arguments or variables: `['issues', 'where', 'title', 'eq']`. */
export type InputPath = readonly (string | number)[];

/** How much structure one operation's arguments may have: each part of it becomes SQL, which is planned. */
export const inputLimits = {
  /** Levels of objects and lists in one argument. */
  depth: 32,
  /** Objects, lists and leaves in all arguments. A list of leaves is one leaf. */
  nodes: 2_000,
  /** Relations that filters and orders go through. */
  relations: 100,
  /** Values in one list of leaves, such as that of `in`. */
  listLength: 10_000,
} as const;

/** Counts one operation's arguments. */
export interface InputBudget {
  /** @throws OperationError */
  readonly spendNode: (path: InputPath) => void;
  /** @throws OperationError */
  readonly spendRelation: (path: InputPath) => void;
}

export function createInputBudget(): InputBudget {
  const counter = (limit: number, what: string) => {
    let count = 0;
    return (path: InputPath): void => {
      count += 1;
      if (count > limit) {
        throw operationErrors.inputTooLarge(path, limit, what);
      }
    };
  };
  return {
    spendNode: counter(inputLimits.nodes, 'values'),
    spendRelation: counter(inputLimits.relations, 'relations in filters and orders'),
  };
}
