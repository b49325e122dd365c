import type { ModelType } from '../../../src/engine/sdl/model.ts';
import { asInput } from '../input.ts';
import { keyOf } from '../keys.ts';
import type { Row } from '../row.ts';
import type { Store } from '../store.ts';
import { Undecided } from '../undecided.ts';
import { findByKey, namedKey } from '../unique.ts';
import type { RuleWorld } from './rule-world.ts';

/** The data that a mutation changes, and the data before it. */
export class RuledState {
  readonly store: Store;
  readonly before: Store;
  /** The caller and the rules, on the data before the mutation. */
  readonly world: RuleWorld;

  constructor(world: RuleWorld) {
    this.store = world.store;
    this.before = world.store.clone();
    this.world = world.on(this.before);
  }

  /** The row with this key before the mutation, if the caller sees the values of the key. */
  named(type: ModelType, where: unknown): Row | null {
    const row = findByKey(this.before, type, asInput(where));
    if (row === null) return null;
    const { columns } = namedKey(this.before, type, asInput(where));
    const isSeen = columns.every(({ field }) =>
      this.world.permitsField('READ', { type, row }, field.name),
    );
    return isSeen ? row : null;
  }

  /** The caller and the rules, on the data as it is now. */
  now(): RuleWorld {
    return this.world.on(this.store.clone());
  }

  current(type: ModelType, row: Row): Row {
    return this.store.get(type.name, keyOf(this.store.index, type, row)) ?? row;
  }

  change(type: ModelType, before: Row, after: Row): void {
    const { index } = this.store;
    const changed = this.store.change(type, before, after);
    const isKey = changed.some(
      (each) => this.before.get(each.type.name, keyOf(index, each.type, each.row)) === null,
    );
    // Keys that contain a changed foreign key change as well, so later lookups are not evaluated.
    if (isKey) throw new Undecided();
  }
}
