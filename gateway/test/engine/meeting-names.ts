import fc from 'fast-check';

/** Schemas with names that can collide with the names that the API generates. */
export const meetingNames = fc
  .record({
    types: fc.uniqueArray(
      fc.constantFrom(
        'A',
        'AB',
        'ASum',
        'AList',
        'ABs',
        'As',
        'Es',
        'ABInput',
        'AEdge',
        'AWhereUniqueInput',
        'AMaxAggregate',
        'ANestedListUpdateInput',
        'Query',
        'QueryRoot',
        'Mutation',
        'Subscription',
      ),
      { minLength: 1, maxLength: 4 },
    ),
    enums: fc.subarray(['E', 'EFilter', 'ABCInput', 'ABatch']),
    keys: fc.uniqueArray(
      fc.constantFrom(
        '"b", "c"',
        '"bC", "d"',
        '"b", "cD"',
        '"where", "unique"',
        '"sum", "aggregate"',
        '"edge", "b"',
      ),
      { maxLength: 2 },
    ),
    plural: fc.option(fc.constantFrom('a', 'As', 'things', 'ABs'), { nil: null }),
    isUsed: fc.boolean(),
    scalar: fc.constantFrom('Int', 'Date', 'Boolean'),
  })
  .map(({ types, enums, keys, plural, isUsed, scalar }) => {
    const fields = ['b', 'c', 'd', 'bC', 'cD', 'where', 'unique', 'sum', 'aggregate', 'edge'];
    const used = isUsed ? enums.map((name) => `${name.toLowerCase()}: ${name}`).join(' ') : '';
    const body = `{ id: ID! @id ${fields.map((name) => `${name}: ${scalar}`).join(' ')} ${used} }`;
    const directives = keys.map((key) => `@unique(fields: [${key}])`).join(' ');
    const models = types.map((name, at) => {
      const model = at === 0 && plural !== null ? `@model(plural: "${plural}")` : '@model';
      return `type ${name} ${model} ${directives} ${body}`;
    });
    return [...models, ...enums.map((name) => `enum ${name} { X }`)].join('\n');
  });
