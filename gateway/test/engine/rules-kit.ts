import { Kind, parseConstValue, print, type ConstValueNode } from 'graphql';
import type {
  AccessModel,
  AccessOperation,
  AllowRule,
  FilterNode,
  FilterObject,
  Reference,
  TypeAccess,
} from '../../src/engine/sdl/access-model.ts';
import type { Model } from '../../src/engine/sdl/model.ts';
import { readModel } from './project.ts';

/** Reads `{ ownerId: { eq: "$user.id" } }`. */
export function filter(text: string): FilterObject {
  const node = nodeOf('', parseConstValue(text));
  if (node.kind !== 'OBJECT') throw new Error('A filter must be an object.');
  return node;
}

function nodeOf(name: string, node: ConstValueNode): FilterNode {
  if (name === '_can' && node.kind === Kind.ENUM) {
    return { kind: 'CAN', operation: node.value as AccessOperation };
  }
  if (node.kind === Kind.OBJECT && name !== 'eq' && name !== 'contains') {
    return {
      kind: 'OBJECT',
      fields: node.fields.map((field) => [field.name.value, nodeOf(field.name.value, field.value)]),
    };
  }
  if (node.kind === Kind.LIST && (name === 'and' || name === 'or')) {
    return { kind: 'LIST', items: node.values.map((item) => nodeOf('', item)) };
  }
  if (node.kind === Kind.STRING && /^\$[a-z]/.test(node.value)) {
    return { kind: 'REFERENCE', reference: referenceOf(node.value.slice(1).split('.')) };
  }
  return { kind: 'LITERAL', literal: print(node) };
}

function referenceOf([of, name = '']: readonly string[]): Reference {
  if (of === 'user') return { of: 'USER', field: name };
  if (of === 'claims') return { of: 'CLAIM', name };
  return of === 'row' ? { of: 'ROW', field: name } : { of: 'NOW' };
}

interface RuleText {
  readonly to?: readonly AccessOperation[];
  readonly as?: AllowRule['as'];
  readonly where?: string;
  readonly user?: string;
  readonly claims?: number;
}

function rule({ to = ['READ'], as = 'USER', where, user, claims }: RuleText): AllowRule {
  return {
    to,
    as,
    where: where === undefined ? null : filter(where),
    check: null,
    user: user === undefined ? null : filter(user),
    claims: claims ?? null,
    line: 1,
  };
}

interface TypeText {
  readonly allows?: readonly RuleText[];
  readonly requires?: readonly RuleText[];
  readonly fields?: Readonly<Record<string, readonly RuleText[] | 'PRIVATE'>>;
}

export function modelWithRules(
  sdl: string,
  {
    types,
    ...access
  }: Partial<Omit<AccessModel, 'types'>> & {
    readonly types: Readonly<Record<string, TypeText>>;
  },
): Model {
  return {
    ...readModel(sdl),
    access: {
      userType: 'User',
      claims: [],
      claimConditions: [],
      ...access,
      types: Object.entries(types).map(([type, { allows, requires, fields }]): TypeAccess => ({
        type,
        allows: (allows ?? []).map(rule),
        requires: (requires ?? []).map(rule),
        fields: Object.entries(fields ?? {}).map(([field, rules]) => ({
          field,
          isPrivate: rules === 'PRIVATE',
          allows: rules === 'PRIVATE' ? [] : rules.map(rule),
          preset: null,
          isSignUp: false,
        })),
      })),
    },
  };
}
