import { param, renderTemplate, textOf, type Sql, type SqlTemplate } from '../sql/sql.ts';
import type { Parameter, Variables } from '../queries/plan.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/**
 * A piece of a statement of a write: what decides its text, the text, and this request's values for it, in the
 * order in which `sql` takes slots. The text is made only where no earlier request had the same key.
 */
export interface Part {
  readonly key: string;
  readonly sql: (slot: () => Sql) => Sql;
  readonly values: readonly PgValue[];
}

/** Where one of a write's own values goes; a class tells it from a `Parameter` of the operation. */
class Slot {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

interface WriteTemplate {
  readonly template: Pick<SqlTemplate, 'chunks'>;
  readonly values: readonly (Parameter | Slot)[];
}

/** Texts of statements that were written before, the latest ones. */
export interface TemplateMemo {
  readonly templates: Map<string, WriteTemplate>;
}

/** More shapes of one field's data than this are written anew each time they come. */
const maxTemplates = 16;

export function createTemplateMemo(): TemplateMemo {
  return { templates: new Map() };
}

export interface BindContext {
  readonly memo: TemplateMemo;
  /** Of the project. */
  readonly schema: string;
  readonly variables: Variables;
}

/** A statement for one project and request. @throws OperationError from a parameter of the operation */
export function bindPart(
  { memo, schema, variables }: BindContext,
  part: Part,
): { readonly text: string; readonly values: readonly PgValue[] } {
  const { template, values } = templateOf(memo, part);
  return {
    text: textOf(template, schema),
    values: values.map((value) =>
      value instanceof Slot ? (part.values[value.index] ?? null) : value(variables),
    ),
  };
}

function templateOf({ templates }: TemplateMemo, part: Part): WriteTemplate {
  const known = templates.get(part.key);
  if (known !== undefined) {
    if (templates.size > 1) {
      templates.delete(part.key);
      templates.set(part.key, known);
    }
    return known;
  }
  const made = writeTemplate(part);
  templates.set(part.key, made);
  for (const oldest of templates.keys()) {
    if (templates.size <= maxTemplates) break;
    templates.delete(oldest);
  }
  return made;
}

function writeTemplate(part: Part): WriteTemplate {
  let count = 0;
  const rendered = renderTemplate(
    part.sql(() => {
      const slot = param(new Slot(count));
      count += 1;
      return slot;
    }),
  );
  if (count !== part.values.length) throw new Error('A slot has one value.');
  return {
    template: { chunks: rendered.chunks },
    values: rendered.values.map((value) => {
      if (value instanceof Slot) return value;
      if (typeof value !== 'function') throw new Error('A parameter of a statement is a function.');
      // `param` is given nothing but slots and parameters in engine/compile.
      return value as Parameter;
    }),
  };
}
