import type { ErrorPath } from '../errors.ts';

/**
 * The location of a value in a root field's arguments: `createIssue`, `data`, `labels`, `create`, 0. The location is a
 * linked list, so that the path is built only for errors.
 */
export class InputLocation {
  readonly #key: string | number;
  readonly #parent: InputLocation | null;

  constructor(key: string | number, parent: InputLocation | null = null) {
    this.#key = key;
    this.#parent = parent;
  }

  member(key: string | number): InputLocation {
    return new InputLocation(key, this);
  }

  /** `['createIssue', 'data', 'labels', 'create', 0]` */
  get path(): ErrorPath {
    return [...(this.#parent?.path ?? []), this.#key];
  }
}
