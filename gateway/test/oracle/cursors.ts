import type { ModelType } from '../../src/engine/sdl/model.ts';
import { asInputs } from './input.ts';
import { orderOf, type Order, type Position } from './order.ts';
import type { Store } from './store.ts';

const prefix = 'oracle cursor ';

/** The oracle's cursors, and the cursors that correspond to them on the other side. */
export class Cursors {
  readonly #issued: { readonly order: string; readonly position: Position }[] = [];
  /** Maps cursors from the other side to their sort order and position. */
  readonly #known = new Map<string, { readonly order: string; readonly position: Position }>();

  issue(order: Order, position: Position): string {
    this.#issued.push({ order: signature(order), position });
    return `${prefix}${this.#issued.length - 1}`;
  }

  isIssued(text: unknown): text is string {
    return typeof text === 'string' && text.startsWith(prefix);
  }

  /** Records that a cursor from the other side has the same meaning as this oracle cursor. */
  learn(theirs: string, ours: string): void {
    const known = this.#issued[Number(ours.slice(prefix.length))];
    if (known === undefined) throw new Error(`${ours} was never issued.`);
    this.#known.set(theirs, known);
  }

  belongs(store: Store, cursor: string, type: ModelType, orderBy: unknown): boolean {
    const order = orderOf(store, type, orderBy == null ? [] : asInputs(orderBy));
    return this.#known.get(cursor)?.order === signature(order);
  }

  positionAt(cursor: string): Position {
    const known = this.#known.get(cursor);
    if (known === undefined) throw new Error(`${cursor} was never learned.`);
    return known.position;
  }
}

function signature({ type, keys }: Order): string {
  return JSON.stringify([type.name, ...keys]);
}
