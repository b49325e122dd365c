import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
} from 'graphql';
import { bindingOf } from '../../src/engine/api/bindings.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { literal } from '../oracle/document-writer.ts';
import type { LiveOperation } from '../oracle/random-operation.ts';
import { isSampled, samples } from '../oracle/samples.ts';
import type { Tape } from '../oracle/tape.ts';
import { Revisions } from './revisions.ts';

/** A live query of the rows of a model. */
export interface WholeList extends LiveOperation {
  /** Returns a function that checks each result. It throws an Error if a row goes back to an earlier version. */
  readonly follow: () => (data: unknown) => void;
}

/** Generates a live query of a list without a filter, or with a simple one. Returns null if the caller has none. */
export function wholeList({ schema, index }: ProjectApi, tape: Tape): WholeList | null {
  const live = schema.getSubscriptionType()?.getFields() ?? {};
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const binding = bindingOf(field);
    const isList = binding.kind === 'FIND' && binding.operation === 'FIND_MANY';
    return isList && Object.hasOwn(live, field.name) ? [{ name: field.name, field, binding }] : [];
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
  const text = `{ ${name}${filter(lists.find((each) => each.name === name)?.field, tape)} { nodes { ${selection} } totalCount } }`;
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

/** Sometimes selects the rows with a value in one field. Changes move rows into and out of such a list. */
function filter(field: GraphQLField<unknown, unknown> | undefined, tape: Tape): string {
  const where = field?.args.find((argument) => argument.name === 'where')?.type;
  if (!isInputObjectType(where) || !tape.oneIn(3)) return '';
  const choices = Object.values(where.getFields()).flatMap(({ name, type }) => {
    const eq = isInputObjectType(type) ? type.getFields()['eq'] : undefined;
    const of = eq === undefined ? '' : getNamedType(eq.type).name;
    if (eq === undefined || isListType(getNullableType(eq.type)) || !isSampled(of)) return [];
    return samples[of].length > 0 && of !== 'JSON' ? [{ name, eq, values: samples[of] }] : [];
  });
  if (choices.length === 0) return '';
  const { name, eq, values } = tape.pick(choices);
  return `(where: { ${name}: { eq: ${literal(eq.type, tape.pick(values))} } })`;
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
