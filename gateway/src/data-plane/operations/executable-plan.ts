import type { MutationPlan, OperationPlan, QueryPlan } from '../../engine/runtime.ts';
import type { Statement } from '../../engine/runtime.ts';
import type { Introspected } from './introspection.ts';

/** A plan with everything made ready that does not depend on a request. */
export type ExecutablePlan = ExecutableQuery | ExecutableMutation;

export interface ExecutableQuery {
  readonly kind: 'QUERY';
  readonly statement: Statement | null;
  /** The JSON of `data` around its columns: one text more than there are columns. */
  readonly texts: readonly [string, ...string[]];
}

export interface ExecutableMutation {
  readonly kind: 'MUTATION';
  readonly plan: MutationPlan;
  readonly introspected: Introspected;
}

export function makeExecutable(plan: OperationPlan, introspected: Introspected): ExecutablePlan {
  return plan.kind === 'MUTATION'
    ? { kind: 'MUTATION', plan, introspected }
    : { kind: 'QUERY', statement: plan.statement, texts: textsAround(plan, introspected) };
}

export function hasIntrospection(plan: OperationPlan): boolean {
  const answers = plan.kind === 'QUERY' ? plan.answers : plan.fields;
  return answers.some(({ kind }) => kind === 'INTROSPECTION');
}

/** `{ a: …, __typename }` → `['{"a":', ',"__typename":"Query"}']` */
function textsAround(
  { answers }: QueryPlan,
  introspected: Introspected,
): readonly [string, ...string[]] {
  const earlier: string[] = [];
  let text = '{';
  answers.forEach((answer, index) => {
    const { responseKey } = answer;
    text += `${index === 0 ? '' : ','}${JSON.stringify(responseKey)}:`;
    switch (answer.kind) {
      case 'CONSTANT':
        text += answer.json;
        return;
      case 'INTROSPECTION':
        text += introspected.get(responseKey) ?? 'null';
        return;
      case 'COLUMN':
        earlier.push(text);
        text = '';
    }
  });
  const [first, ...others] = [...earlier, `${text}}`];
  return [first, ...others];
}

/** Roughly how many characters a plan keeps. */
export function planSize(plan: ExecutablePlan): number {
  const fixed = 500;
  if (plan.kind === 'QUERY') {
    // A statement's text for one project is kept beside what all of them share.
    return fixed + lengthOf(plan.texts) + 2 * lengthOf(plan.statement?.template.chunks ?? []);
  }
  // What a write compiles to is not known before it runs; it is of the order of this.
  const perField = 5_000;
  return fixed + perField * plan.plan.fields.length + lengthOf([...plan.introspected.values()]);
}

function lengthOf(texts: readonly string[]): number {
  return texts.reduce((length, text) => length + text.length, 0);
}
