import { getNamedType, isLeafType, isObjectType, type GraphQLObjectType } from 'graphql';
import { bindingOf } from '../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { LiveOperation } from '../oracle/random-operation.ts';
import type { Tape } from '../oracle/tape.ts';
import { Revisions } from './revisions.ts';

/** A live query of all rows of a model. */
export interface WholeList extends LiveOperation {
  /** Returns a function that checks each result. It throws an Error if a row goes back to an earlier version. */
  readonly follow: () => (data: unknown) => void;
}

/** Generates a live query of a list without a filter. Returns null if the caller has none. */
export function wholeList({ schema, index }: ProjectApi, tape: Tape): WholeList | null {
  const live = schema.getSubscriptionType()?.getFields() ?? {};
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const binding = bindingOf(field);
    const isList = binding.kind === 'FIND' && binding.operation === 'FIND_MANY';
    return isList && Object.hasOwn(live, field.name) ? [{ name: field.name, binding }] : [];
  });
  if (lists.length === 0) return null;
  const { name, binding } = tape.pick(lists);
  const node = schema.getType(binding.type.name);
  if (!isObjectType(node)) throw new Error(`${binding.type.name} is not an object type.`);
  const leaves = leavesOf(node);
  const key = index.keyOf(binding.type).map((column) => column.name);
  const fixed = [...key, 'rev0'].filter((each) => leaves.includes(each));
  const fields = new Set([...fixed, ...tape.subset(leaves, 5), ...relation(node, tape)]);
  const selection = fields.size === 0 ? '__typename' : [...fields].join(' ');
  const text = `{ ${name} { nodes { ${selection} } totalCount } }`;
  return {
    query: text,
    subscription: `subscription ${text}`,
    variables: {},
    follow() {
      const revisions = new Revisions();
      return (data) => {
        if (data === null || fixed.length <= key.length) return;
        const { nodes } = (data as Record<string, { readonly nodes: readonly Node[] }>)[name] ?? {
          nodes: [],
        };
        for (const each of nodes) {
          revisions.see(JSON.stringify(key.map((part) => each[part])), each['rev0']);
        }
      };
    },
  };
}

type Node = Readonly<Record<string, unknown>>;

function leavesOf(type: GraphQLObjectType): readonly string[] {
  return Object.values(type.getFields())
    .filter(({ type: of }) => isLeafType(getNamedType(of)))
    .map(({ name }) => name);
}

/** A to-one relation with some of its fields, or nothing. */
function relation(node: GraphQLObjectType, tape: Tape): readonly string[] {
  const all = Object.values(node.getFields()).flatMap((field) => {
    const target = getNamedType(field.type);
    const isOne = bindingOf(field).kind === 'TO_ONE' && isObjectType(target);
    const leaves = isOne ? leavesOf(target) : [];
    return leaves.length === 0 ? [] : [`${field.name} { ${leaves.slice(0, 3).join(' ')} }`];
  });
  return all.length === 0 || tape.oneIn(2) ? [] : [tape.pick(all)];
}
