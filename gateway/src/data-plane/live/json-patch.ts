import { createPatch, type Operation, type Pointer } from 'rfc6902';

type Diff = NonNullable<Parameters<typeof createPatch>[2]>;

/** Larger results are sent in full, because comparing them would block the process. */
const maxPatchedLength = 262_144;

/**
 * Returns the operations that change one JSON text into another, as JSON (RFC 6902).
 * @returns null if a client should get the new text instead, because it is shorter or cannot be compared
 */
export function patchBetween(before: string, after: string): string | null {
  if (isIncomparable(before) || isIncomparable(after)) return null;
  const operations = createPatch(JSON.parse(before), JSON.parse(after), listDiff);
  const text = JSON.stringify(operations);
  // The texts of equal values can differ, such as 1.0 and 1.
  return operations.length === 0 || text.length >= after.length ? null : text;
}

function isIncomparable(text: string): boolean {
  return text.length > maxPatchedLength || mayRound.test(text) || text.includes('"__proto__"');
}

/**
 * JavaScript rounds some numbers with 16 or more digits. A string with as many digits also matches, and is then sent in
 * full.
 */
const mayRound = /\d[\d.]{15}/;

/**
 * Compares lists in linear time. The algorithm of the library takes quadratic time. An item that both lists contain
 * stays where it is. An item that only one list contains was added, removed or, if it has a counterpart at the same
 * place, changed. An item that has moved is removed and added.
 */
const listDiff: Diff = (before: unknown, after: unknown, pointer: Pointer) => {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const old = new Items(before);
  const now = new Items(after);
  const operations: Operation[] = [];
  for (;;) {
    const was = old.first();
    const is = now.first();
    if (was === null && is === null) return operations;
    // The items before the first remaining one of the new list are already in place.
    const place = pointer.add(String(now.position)).toString();
    if (was !== null && is !== null && was.text === is.text) {
      old.take();
      now.take();
      continue;
    }
    const isGone = was !== null && !now.contains(was.text);
    const isNew = is !== null && !old.contains(is.text);
    if (isGone && isNew) {
      operations.push(...operationsAt(place, was.item, is.item));
      old.take();
      now.take();
    } else if (is !== null && (isNew || was === null)) {
      operations.push({ op: 'add', path: place, value: is.item });
      now.take();
    } else {
      operations.push({ op: 'remove', path: place });
      old.take();
    }
  }
};

/** The operations that change one item of a list. */
function operationsAt(place: string, before: unknown, after: unknown): readonly Operation[] {
  return createPatch(before, after, listDiff).map((operation) => ({
    ...operation,
    path: `${place}${operation.path}`,
  }));
}

/** The items of a list that were not compared yet. */
class Items {
  /** The index of the first remaining item. */
  position = 0;
  readonly #items: readonly unknown[];
  readonly #texts: readonly string[];
  /** How many of the remaining items have a text. */
  readonly #counts = new Map<string, number>();

  constructor(items: readonly unknown[]) {
    this.#items = items;
    this.#texts = items.map((item) => JSON.stringify(item));
    for (const text of this.#texts) this.#counts.set(text, this.#countOf(text) + 1);
  }

  first(): { readonly item: unknown; readonly text: string } | null {
    const text = this.#texts[this.position];
    return text === undefined ? null : { item: this.#items[this.position], text };
  }

  contains(text: string): boolean {
    return this.#countOf(text) > 0;
  }

  take(): void {
    const text = this.#texts[this.position] ?? '';
    this.#counts.set(text, this.#countOf(text) - 1);
    this.position += 1;
  }

  #countOf(text: string): number {
    return this.#counts.get(text) ?? 0;
  }
}
