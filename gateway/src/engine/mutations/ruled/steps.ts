import { isOwningSide, type ModelIndex } from '../../api/model-index.ts';
import type { ModelType } from '../../sdl/model.ts';
import type { NewRow } from '../row-ref.ts';

/**
 * Sorts new rows into the steps in which rules check and insert them: first the rows that a row refers to, then the row,
 * then the rows that are nested in it. The rows of a list are one step, so no row of a list permits another one.
 *
 * @param type the type of the root field, whose `data` contains the rows
 */
export function stepsOf(
  index: ModelIndex,
  type: ModelType,
  rows: readonly NewRow[],
): readonly (readonly NewRow[])[] {
  const root = createStep(type);
  for (const row of rows) stepOf(index, root, row).rows.push(row);
  return inOrder(root).filter((step) => step.length > 0);
}

interface Step {
  readonly type: ModelType;
  readonly rows: NewRow[];
  /** The steps of rows that these rows refer to, by the names of the relations. */
  readonly before: Map<string, Step>;
  readonly after: Map<string, Step>;
}

function createStep(type: ModelType): Step {
  return { type, rows: [], before: new Map(), after: new Map() };
}

/** Finds the step by the path of the row in the input: `createIssue.data.0.labels.create.1` is in `labels`. */
function stepOf(index: ModelIndex, root: Step, { location }: NewRow): Step {
  const [, , ...path] = location.path.filter((part) => typeof part === 'string');
  let step = root;
  for (const [position, name] of path.entries()) {
    // Between two relations is `create`.
    if (position % 2 === 1) continue;
    const field = index.field(step.type, name);
    if (field === null || field.kind === 'VALUE') throw new Error(`There is no relation ${name}.`);
    const steps = isOwningSide(field) ? step.before : step.after;
    const next = steps.get(name) ?? createStep(index.type(field.target));
    steps.set(name, next);
    step = next;
  }
  return step;
}

function inOrder({ rows, before, after }: Step): readonly (readonly NewRow[])[] {
  return [...[...before.values()].flatMap(inOrder), rows, ...[...after.values()].flatMap(inOrder)];
}
