import type { ModelType } from '../../src/engine/sdl/model.ts';
import { asInputs } from './input.ts';
import { orderOf, type Order, type Position } from './order.ts';
import type { Store } from './store.ts';

const prefix = 'oracle cursor ';

/** The oracle's cursors, which stand beside those of the answers that it is compared with. */
export class Cursors {
  readonly #issued: { readonly order: string; readonly position: Position }[] = [];
  /** Cursors of the other side → what they stand for. */
  readonly #known = new Map<string, { readonly order: string; readonly position: Position }>();

  issue(order: Order, position: Position): string {
    this.#issued.push({ order: signature(order), position });
    return `${prefix}${this.#issued.length - 1}`;
  }

  isIssued(text: unknown): text is string {
    return typeof text === 'string' && text.startsWith(prefix);
  }

  /** From now on, the other side's cursor means here what ours does. */
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
    if (known === undefined) throw new Error(`${cursor} was never learnt.`);
    return known.position;
  }
}

function signature({ type, keys }: Order): string {
  return JSON.stringify([type.name, ...keys]);
}
