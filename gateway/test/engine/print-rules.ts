import type {
  AccessModel,
  FilterNode,
  FilterObject,
  Preset,
  Reference,
  RuleConditions,
} from '../../src/engine/sdl/access-model.ts';

/** Writes the rules of a model as the directives that mean the same, one a line, with the line where each was read. */
export function printRules(access: AccessModel): readonly string[] {
  const { userType, claims, claimConditions, types } = access;
  const rule = (name: string, conditions: RuleConditions, as: string | null) =>
    [
      `${conditions.line} @${name}(to: [${conditions.to.join(', ')}]`,
      ...(as === null ? [] : [`as: ${as}`]),
      ...(['where', 'check', 'user'] as const).flatMap((argument) => {
        const filter = conditions[argument];
        return filter === null ? [] : [`${argument}: ${printFilter(filter)}`];
      }),
      ...(conditions.claims === null
        ? []
        : [
            `claims: ${printFilter(claimConditions[conditions.claims] ?? { kind: 'OBJECT', fields: [] })}`,
          ]),
    ].join(', ') + ')';
  return [
    ...(userType === null ? [] : [`${userType} @user`]),
    ...claims.map(
      ({ name, type, list }) => `claim ${name}: ${list ? `[${type.name}!]` : type.name}`,
    ),
    ...types.flatMap(({ type, allows, requires, fields }) => [
      ...allows.map((allow) => `${type}:${rule('allow', allow, allow.as)}`),
      ...requires.map((require) => `${type}:${rule('require', require, null)}`),
      ...fields.flatMap(({ field, allows: own, preset, isPrivate, isSignUp }) => [
        ...own.map((allow) => `${type}.${field}:${rule('allow', allow, allow.as)}`),
        ...(preset === null ? [] : [`${type}.${field}:${printPreset(preset)}`]),
        ...(isPrivate ? [`${type}.${field} @private`] : []),
        ...(isSignUp ? [`${type}.${field} @signUp`] : []),
      ]),
    ]),
  ];
}

function printPreset({ value, on, line }: Preset): string {
  return `${line} @preset(value: ${printNode(value)}, on: [${on.join(', ')}])`;
}

function printFilter({ fields }: FilterObject): string {
  if (fields.length === 0) return '{}';
  return `{ ${fields.map(([name, node]) => `${name}: ${printNode(node)}`).join(', ')} }`;
}

function printNode(node: FilterNode): string {
  switch (node.kind) {
    case 'OBJECT':
      return printFilter(node);
    case 'LIST':
      return `[${node.items.map(printNode).join(', ')}]`;
    case 'LITERAL':
      return node.literal.replaceAll('"$', '"$$$$');
    case 'REFERENCE':
      return JSON.stringify(printReference(node.reference));
    case 'CAN':
      return node.operation;
  }
}

function printReference(reference: Reference): string {
  switch (reference.of) {
    case 'USER':
      return `$user.${reference.field}`;
    case 'CLAIM':
      return `$claims.${reference.name}`;
    case 'ROW':
      return `$row.${reference.field}`;
    case 'NOW':
      return '$now';
  }
}
