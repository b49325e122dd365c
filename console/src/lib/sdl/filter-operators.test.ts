import { expect, it } from 'vitest';

import * as engine from '../../../../gateway/src/engine/api/filter-operators.ts';
import { scalarNames as engineScalars } from '../../../../gateway/src/engine/sdl/scalars.ts';
import {
  operatorGroups,
  operatorsOf,
  quantifiers,
  type FilterOperatorHelp,
} from './filter-operators.ts';

it('lists the same operators and quantifiers as the engine', () => {
  const groups = Object.entries(engine.filterOperators).map(([group, operators]) => [
    group,
    Object.entries<engine.Operator>(operators).map(([name, { operand, description }]) => ({
      name,
      operand,
      about: description,
    })),
  ]);
  expect(operatorGroups).toEqual(Object.fromEntries(groups));
  expect(quantifiers).toEqual(
    Object.entries(engine.quantifiers).map(([name, about]) => ({ name, about })),
  );
});

it('knows the operators of each scalar, of enums and of lists', () => {
  const of = (groups: readonly engine.OperatorGroup[]) =>
    groups
      .flatMap((group): readonly FilterOperatorHelp[] => operatorGroups[group])
      .map(({ name }) => name);
  const names = (type: string, list = false, isEnum = false) =>
    operatorsOf({ type, list, isEnum }).map(({ name }) => name);
  for (const type of engineScalars) {
    expect(names(type)).toEqual(of(engine.operatorsOfScalar[type]));
    expect(names(type, true)).toEqual(of(engine.operatorsOfList));
  }
  expect(names('Status', false, true)).toEqual(of(engine.operatorsOfEnum));
});
