import type { Parameter, Variables } from '../../queries/plan.ts';
import { param, renderTemplate, textOf, type Sql, type SqlTemplate } from '../../sql/sql.ts';
import type { PgValue } from '../../sql/statement-runner.ts';

/** Takes the place of the statement's next value. */
export type NextSlot = () => Sql;

/**
 * A statement without its values. Its structure is everything that decides the text: members of primitive types and
 * lists count by value, any other object by reference. Objects must be immutable, and long-lived if the text is to be
 * found again: `Sql`, tables, columns. The key is derived from its builder and structure, and `build` gets nothing but the
 * structure: two statements with the same key have the same text.
 */
export class StatementForm {
  readonly key: string;
  /** `slot` is called once for each value, in the order of the values. */
  readonly build: (slot: NextSlot) => Sql;

  constructor(key: string, build: (slot: NextSlot) => Sql) {
    this.key = key;
    this.build = build;
  }
}

export interface WriteStatement {
  readonly form: StatementForm;
  readonly values: readonly PgValue[];
}

/**
 *     const lock = defineStatement(({ table, where }: LockStructure, slot) => sql`SELECT … WHERE ${where} LIMIT ${slot()}`);
 *     lock({ table, where }, [atMost])
 *
 * Call it at the top level of a module, where the builder can see nothing of a request but its structure. A
 * statement that is defined anew has a new identity, even with the same builder text.
 */
export function defineStatement<S extends object>(
  build: (structure: S, slot: NextSlot) => Sql,
): (structure: S, values: readonly PgValue[]) => WriteStatement {
  const prefix = keyOfPart(build);
  return (structure, values) => ({
    form: new StatementForm(prefix + keyOfStructure(structure), (slot) => build(structure, slot)),
    values,
  });
}

/** `where=#12,;columns=[#3,#4,];kind="ALL";` Members in another order make another key, which only costs a rendering. */
function keyOfStructure(structure: object): string {
  let key = '';
  for (const [name, part] of Object.entries(structure)) key += `${name}=${keyOfPart(part)};`;
  return key;
}

/** No key is the beginning of another one, so that keys written one after the other stay different. */
function keyOfPart(part: unknown): string {
  if (part instanceof StatementForm) return `(${part.key})`;
  if (Array.isArray(part)) return `[${part.map(keyOfPart).join('')}]`;
  switch (typeof part) {
    case 'object':
      return part === null ? 'null,' : referenceKey(part);
    case 'function':
      return referenceKey(part);
    case 'string':
      return JSON.stringify(part);
    case 'number':
    case 'boolean':
      return `${part},`;
    case 'bigint':
    case 'symbol':
    case 'undefined':
    default:
      throw new Error(`A structure holds no ${typeof part}.`);
  }
}

let references = 0;
const referenceKeys = new WeakMap<object, string>();

function referenceKey(object: object): string {
  const known = referenceKeys.get(object);
  if (known !== undefined) return known;
  references += 1;
  const key = `#${references},`;
  referenceKeys.set(object, key);
  return key;
}

/** Marks where one of the statement's values goes; a class, to tell it from a `Parameter` of the operation. */
class Slot {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

interface RenderedStatement {
  readonly template: Pick<SqlTemplate, 'chunks'>;
  readonly slots: number;
  readonly values: readonly (Parameter | Slot)[];
}

/** Texts that a cache keeps. A field whose statements have more forms renders the rest again each time. */
const maxTexts = 16;

/** The texts that were used last, by the keys of their statements. */
export class StatementCache {
  readonly #rendered = new Map<string, RenderedStatement>();

  get size(): number {
    return this.#rendered.size;
  }

  /**
   * A statement for one project and request. The text is rendered only where the key is not in the cache.
   *
   * @param schema of the project
   * @throws OperationError from a parameter of the operation
   */
  bind(
    { form, values }: WriteStatement,
    schema: string,
    variables: Variables,
  ): { readonly text: string; readonly values: readonly PgValue[] } {
    const rendered = this.#renderedOf(form);
    if (rendered.slots !== values.length) throw new Error('Each slot takes one value.');
    return {
      text: textOf(rendered.template, schema),
      values: rendered.values.map((value) =>
        value instanceof Slot ? (values[value.index] ?? null) : value(variables),
      ),
    };
  }

  #renderedOf(form: StatementForm): RenderedStatement {
    const { key } = form;
    const known = this.#rendered.get(key);
    if (known !== undefined) {
      if (this.#rendered.size > 1) {
        this.#rendered.delete(key);
        this.#rendered.set(key, known);
      }
      return known;
    }
    const rendered = renderForm(form);
    this.#rendered.set(key, rendered);
    for (const oldest of this.#rendered.keys()) {
      if (this.#rendered.size <= maxTexts) break;
      this.#rendered.delete(oldest);
    }
    return rendered;
  }
}

function renderForm({ build }: StatementForm): RenderedStatement {
  let slots = 0;
  const { chunks, values } = renderTemplate(
    build(() => {
      const slot = param(new Slot(slots));
      slots += 1;
      return slot;
    }),
  );
  return {
    template: { chunks },
    slots,
    values: values.map((value) => {
      if (value instanceof Slot) return value;
      if (typeof value !== 'function') throw new Error('A parameter of a statement is a function.');
      // `param` is given nothing but slots here and `Parameter`s in engine/queries.
      return value as Parameter;
    }),
  };
}
