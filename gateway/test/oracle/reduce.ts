import {
  Kind,
  parse,
  print,
  validate,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { ClientOperation } from './random-operation.ts';
import type { ModelIndex } from '../../src/engine/api/model-index.ts';
import type { ModelType } from '../../src/engine/sdl/model.ts';
import { cellsTo, keyOf, referenceTo } from './keys.ts';
import type { Row } from './row.ts';
import { Store, type PlainData } from './store.ts';
import type { Trial } from './trial.ts';

/**
 * Reduces a failing trial to fewer operations, smaller documents and fewer rows, as long as it still fails. The model
 * stays the same because creating tables is slow.
 */
export async function reduce(
  trial: Trial,
  { schema, index }: ProjectApi,
  fails: (smaller: Trial) => Promise<boolean>,
): Promise<Trial> {
  let best = trial;
  const attempt = async (smaller: Trial): Promise<boolean> => {
    if (!(await fails(smaller))) return false;
    best = smaller;
    return true;
  };
  // Two rounds, because a later reduction can make an earlier one possible.
  for (let round = 0; round < 2; round += 1) {
    for (let at = best.operations.length - 1; at >= 0; at -= 1) {
      await attempt({ ...best, operations: best.operations.filter((_, each) => each !== at) });
    }
    for (let at = 0; at < best.operations.length; at += 1) {
      for (let step = 0; ;) {
        const smaller = smallerOperation(best.operations[at], schema, step);
        if (smaller === 'END') break;
        const operations = best.operations.map((each, other) =>
          other === at && smaller !== 'INVALID' ? smaller : each,
        );
        // After a successful reduction, the same step number refers to the next part.
        if (smaller === 'INVALID' || !(await attempt({ ...best, operations }))) step += 1;
      }
    }
    for (const data of withoutParts(index, best.data))
      await attempt({ ...best, data: data(best.data) });
  }
  return best;
}

/** Removes part number `step`: a field, an argument, a directive or a part of a value. */
function smallerOperation(
  operation: ClientOperation | undefined,
  schema: GraphQLSchema,
  step: number,
): ClientOperation | 'INVALID' | 'END' {
  if (operation === undefined) return 'END';
  let count = -1;
  // This is an object because TypeScript would assume that the visitor does not change a variable.
  const outcome = { removed: false };
  const remove = (): null | undefined => {
    count += 1;
    if (count !== step) return undefined;
    outcome.removed = true;
    return null;
  };
  const document: DocumentNode = visit(parse(operation.text), {
    Field: remove,
    InlineFragment: remove,
    FragmentSpread: remove,
    Argument: remove,
    Directive: remove,
    ObjectField: remove,
    enter: (node: ASTNode, _key, parent) => {
      const isItem = Array.isArray(parent) && /Value$/.test(node.kind);
      return isItem ? remove() : undefined;
    },
  });
  if (!outcome.removed) return 'END';
  const tidy = withoutUnused(document);
  if (validateSafely(schema, tidy)) return 'INVALID';
  const used = usedVariables(tidy);
  const kept = (variables: ClientOperation['variables']) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name)));
  const { variables, otherVariables, cursors } = operation;
  return {
    text: print(tidy),
    variables: kept(variables),
    cursors: cursors.filter(({ variable }) => used.has(variable)),
    ...(otherVariables !== undefined && { otherVariables: kept(otherVariables) }),
  };
}

/** Returns true if the document is invalid or cannot be parsed. */
function validateSafely(schema: GraphQLSchema, document: DocumentNode): boolean {
  try {
    return validate(schema, parse(print(document))).length > 0;
  } catch {
    return true;
  }
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const spreads = new Set<string>();
  visit(document, { FragmentSpread: ({ name }) => void spreads.add(name.value) });
  const used = usedVariables(document);
  return visit(document, {
    FragmentDefinition: ({ name }) => (spreads.has(name.value) ? undefined : null),
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? false : null),
  });
}

function usedVariables(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    [Kind.VARIABLE]: ({ name }: { readonly name: { readonly value: string } }) =>
      void used.add(name.value),
  });
  return used;
}

/** Returns one function for each row and each pair of the data, which removes it and everything that refers to it. */
function withoutParts(
  index: ModelIndex,
  data: PlainData,
): readonly ((from: PlainData) => PlainData)[] {
  const rows = index.model.types.flatMap((type) =>
    (data.rows[type.name] ?? []).map((row) => (from: PlainData) => {
      const store = new Store(index, from);
      const key = keyOf(index, type, row);
      removeRow(store, type, store.get(type.name, key));
      return store.toPlain();
    }),
  );
  const pairs = Object.entries(data.pairs).flatMap(([relation, all]) =>
    all.map((pair) => (from: PlainData) => ({
      ...from,
      pairs: {
        ...from.pairs,
        [relation]: (from.pairs[relation] ?? []).filter((each) => each !== pair),
      },
    })),
  );
  return [...rows, ...pairs];
}

/** Removes a row, and the rows that must refer to it. Other foreign keys become null. */
function removeRow(store: Store, type: ModelType, row: Row | null): void {
  if (row === null) return;
  store.remove(type, row);
  for (const foreignKey of store.pointersTo(type)) {
    for (const other of store.pointing(foreignKey, referenceTo(foreignKey, row))) {
      const { holder } = foreignKey;
      const columns = foreignKey.columns.map(({ name }) => store.index.column(holder, name));
      if (columns.some((column) => column?.required === true)) removeRow(store, holder, other);
      else store.put(holder, { ...other, ...cellsTo(foreignKey, null) });
    }
  }
}
