import type { Parameter, Variables } from '../../queries/plan.ts';
import { param, renderTemplate, textOf, type Sql, type SqlTemplate } from '../../sql/sql.ts';
import type { PgValue } from '../../sql/statement-runner.ts';

/** Returns a placeholder for the next value of the statement. */
export type NextSlot = () => Sql;

/**
 * A statement without its values. Its structure is everything that determines the text. Primitive values and lists are
 * compared by value, other objects by reference. These objects (`Sql`, tables, columns) must be immutable, and they
 * must be reused for the cached text to be found. The key is derived from the builder and the structure. Because the
 * builder receives only the structure, two statements with the same key have the same text.
 */
export class StatementForm {
  readonly key: string;
  /** Builds the SQL. It calls `slot` once for each value, in the order of the values. */
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
 *     const lock = defineStatement(
 *       ({ table, where }: LockStructure, slot) => sql`SELECT … WHERE ${where} LIMIT ${slot()}`,
 *     );
 *     lock({ table, where }, [atMost])
 *
 * Call it at the top level of a module, so that the builder cannot use anything from a request except the structure.
 * Each call creates a statement with a new identity, even if the source of the builder is the same.
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

/** `where=#12,;columns=[#3,#4,];kind="ALL";`. The key depends on the order of members, which is harmless. */
function keyOfStructure(structure: object): string {
  let key = '';
  for (const [name, part] of Object.entries(structure)) key += `${name}=${keyOfPart(part)};`;
  return key;
}

/** Returns the key of a part. No key is a prefix of another key, so concatenated keys are unambiguous. */
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
      throw new Error(`A structure cannot contain a value of type ${typeof part}.`);
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

/** A placeholder for a value of the statement. It is a class, to distinguish it from a `Parameter` of the operation. */
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

/**
 * The maximum number of SQL strings in a cache. Least recently used strings are removed and rendered again when needed.
 */
const maxTexts = 16;

/** A cache of the most recently used SQL strings, by statement key. */
export class StatementCache {
  readonly #rendered = new Map<string, RenderedStatement>();

  get size(): number {
    return this.#rendered.size;
  }

  /**
   * Binds a statement to a project and a request. The text is rendered only if the key is not in the cache.
   *
   * @param schema the name of the project's schema
   * @throws OperationError if the value of a parameter of the operation is invalid
   */
  bind(
    { form, values }: WriteStatement,
    schema: string,
    variables: Variables,
  ): { readonly text: string; readonly values: readonly PgValue[] } {
    const rendered = this.#renderedOf(form);
    if (rendered.slots !== values.length)
      throw new Error('The number of values does not match the number of placeholders.');
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
      if (typeof value !== 'function') throw new Error('A statement parameter must be a function.');
      // Here, `param` receives only slots. In engine/queries, it receives only `Parameter` functions.
      return value as Parameter;
    }),
  };
}
