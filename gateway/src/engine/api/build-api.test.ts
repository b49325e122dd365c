import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  buildSchema,
  coerceInputValue,
  GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from 'graphql';
import { describe, expect, inject, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { meetingNames } from '../../../test/engine/meeting-names.ts';
import { modelPairs } from '../../../test/engine/random-models.ts';
import {
  generatedEnumTypeNames,
  generatedTypeNames,
  rootTypeNames,
  reservedTypeNames,
  uniqueInputName,
} from '../sdl/api-names.ts';
import type { Model, ModelType, ValueField } from '../sdl/model.ts';
import { readSdl } from '../sdl/read-sdl.ts';
import type { ApiAccess } from './access.ts';
import { bindingOf } from './bindings.ts';
import { buildApi } from './build-api.ts';
import { printApi, type ProjectApi } from './project-api.ts';

const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');
const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };
const exampleSdl = (name: string): string =>
  readFileSync(new URL(`../../../test/examples/${name}.graphql`, import.meta.url), 'utf8');
const trackerSdl = exampleSdl('tracker');
const apiOf = (sdl: string) => buildApi(readModel(sdl), everything);

describe('the API of a project with keys of every kind', () => {
  it('matches the reviewed file', async () => {
    await expect(printApi(apiOf(exampleSdl('keys')))).toMatchFileSnapshot('keys.api.graphql');
  });

  it('describes which value of the other row a foreign key contains', () => {
    const sdl = `
      type A @model { id: ID! @id }
      type B @model { id: ID! @id a: A! @unique }
      type C @model @id(fields: ["a", "b"]) { a: A! b: B! }
      type D @model { id: Int! @id b: B @relation(references: ["a"]) c: C }`;
    const type = apiOf(sdl).schema.getType('D');
    const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
    expect(fields.map(({ name, description }) => [name, description])).toEqual([
      ['id', null],
      ['bId', 'The `aId` of `b`.'],
      ['b', null],
      ['cAId', 'The `aId` of `c`.'],
      ['cBId', 'The `bId` of `c`.'],
      ['c', null],
    ]);
  });
});

describe('the tracker API', () => {
  it('matches the reviewed file', async () => {
    await expect(printApi(apiOf(trackerSdl))).toMatchFileSnapshot('tracker.api.graphql');
  });

  it('can be rebuilt from its printed SDL', () => {
    const printed = printApi(apiOf(trackerSdl));
    expect(printApi({ schema: buildSchema(printed) })).toBe(printed);
  });

  it('has a binding for each field', () => {
    const { index, schema } = apiOf(trackerSdl);
    const issue = schema.getType('Issue');
    const fields = isObjectType(issue) ? issue.getFields() : {};
    const bindings = Object.entries(fields).map(([name, field]) => [name, bindingOf(field)]);
    const board = index.field(index.type('Issue'), 'board');
    expect(Object.fromEntries(bindings)).toMatchObject({
      title: { kind: 'VALUE', field: index.field(index.type('Issue'), 'title') },
      boardId: { kind: 'KEY', column: index.column(index.type('Issue'), 'boardId') },
      board: { kind: 'TO_ONE', field: board },
      labels: { kind: 'TO_MANY' },
    });
    const kinds = Object.fromEntries(
      ['Connection', 'Edge', 'Aggregate', 'SumAggregate', 'AvgAggregate', 'Batch'].map((suffix) => [
        suffix,
        kindsOf(schema.getType(`Issue${suffix}`)),
      ]),
    );
    expect({ ...kinds, PageInfo: kindsOf(schema.getType('PageInfo')) }).toEqual({
      Connection: 'EDGES NODES PAGE_INFO TOTAL_COUNT AGGREGATE',
      Edge: 'NODE CURSOR',
      Aggregate: 'COUNT SUM AVG MIN MAX',
      SumAggregate: 'AGGREGATED SUM number, AGGREGATED SUM estimate',
      AvgAggregate: 'AGGREGATED AVG number, AGGREGATED AVG estimate',
      Batch: 'BATCH_COUNT BATCH_NODES',
      PageInfo: 'HAS_NEXT HAS_PREVIOUS START_CURSOR END_CURSOR',
    });
    const many = schema.getMutationType()?.getFields()['deleteIssues'];
    expect(many && bindingOf(many)).toEqual({
      kind: 'WRITE',
      operation: 'DELETE_MANY',
      type: index.type('Issue'),
    });
  });
});

describe('descriptions in the API', () => {
  it('include the descriptions, defaults and constraints from the SDL', () => {
    const printed = printApi(
      apiOf(`
        "A thing to do."
        type Task @model {
          id: ID! @id
          "A short title."
          title: String! @default(value: "it's \`new\`") @constraint(minLength: 1, maxLength: 12, pattern: "^[^x]*$")
          "Low or high."
          level: Level @default(value: LOW)
          tags: [Level!]! @default(value: [LOW, HIGH])
          share: Decimal @constraint(min: 0, max: 1)
          price: Decimal @decimal(precision: 12, scale: 2)
        }
        "The importance of a task."
        enum Level { LOW HIGH }
      `),
      // `printSchema` also indents blank lines.
    ).replaceAll(/^ +$/gm, '');
    expect(printed).toContain('"""A thing to do."""\ntype Task {');
    expect(printed).toContain('"""The importance of a task."""\nenum Level {');
    expect(printed).toContain('  """A short title."""\n  title: String!');
    expect(printed).toContain(
      '  """\n  A short title.\n\n  1 to 12 characters. Matches `^[^x]*$`. Default: `` "it\'s `new`" ``.\n  """\n  title: String\n',
    );
    expect(printed).toContain('  Low or high.\n\n  Default: `LOW`.\n');
    expect(printed).toContain('  """Default: `[LOW, HIGH]`."""\n  tags: [Level!]\n');
    expect(printed).toContain('  """From 0 to 1."""\n  share: Decimal\n');
    expect(printed).toContain(
      '  """At most 10 digits before the decimal point and 2 after it."""\n  price: Decimal\n',
    );
    expect(printed).toContain('  Low or high.\n\n  Enum values are sorted by name.\n');
  });

  it('cannot inject GraphQL', () => {
    const attack = 'x""" } type Evil { a: Int } """ \\\\ \\u0007 # {{ */';
    const printed = printApi(
      apiOf(
        `type A @model { ${JSON.stringify(attack).replace('\\\\u0007', '\\u0007')} a: Int id: ID! @id }`,
      ),
    );
    const schema = buildSchema(printed);
    expect(schema.getType('Evil')).toBeUndefined();
    const type = schema.getType('A');
    expect(isObjectType(type) && type.getFields()['a']?.description).toContain('type Evil');
  });

  it("include a type's maximum page size", () => {
    const printed = printApi(apiOf('type A @model(maxPageSize: 7) { id: ID! @id }'));
    expect(printed).toContain('"""Number of rows, at most 7. Default: 7."""');
  });
});

describe('buildApi', () => {
  it('omits the update mutations for a type if none of its fields can change', () => {
    const printed = printApi(
      apiOf(
        'type A @model { id: ID! @id at: DateTime! @createdAt } type B @model { id: ID! @id b: Int }',
      ),
    );
    expect(printed).not.toMatch(/updateAs?\(|upsertA\(|AUpdateInput/);
    expect(printed).toMatch(/updateBs\(/);
  });

  it('does not allow removing rows from a list if the other side is required', () => {
    const printed = printApi(apiOf(trackerSdl));
    expect(inputFields(printed, 'BoardUpdateInput')['issues']).toBe('IssueNestedListCreateInput');
    expect(inputFields(printed, 'UserUpdateInput')['assigned']).toBe('IssueNestedListUpdateInput');
    expect(inputFields(printed, 'IssueUpdateInput')['board']).toBe('BoardNestedCreateInput');
    expect(inputFields(printed, 'IssueUpdateInput')['parent']).toBe('IssueNestedUpdateInput');
  });

  it('creates aggregates for suitable fields, with result types that cannot overflow', () => {
    const { schema } = apiOf(
      'type A @model { id: ID! @id i: Int b: BigInt f: Float d: Decimal s: String t: DateTime y: Date u: UUID j: JSON o: Boolean e: E l: [Int!] k: Time z: Bytes } enum E { X }',
    );
    const fieldsOf = (name: string) => {
      const type = schema.getType(`A${name}Aggregate`);
      const fields = isObjectType(type) ? Object.values(type.getFields()) : [];
      return fields.map((field) => `${field.name}: ${String(field.type)}`).join(' ');
    };
    const least = 'i: Int b: BigInt f: Float d: Decimal s: String t: DateTime y: Date k: Time';
    expect(fieldsOf('Sum')).toBe('i: BigInt b: Decimal f: Float d: Decimal');
    expect(fieldsOf('Avg')).toBe('i: Float b: Decimal f: Float d: Decimal');
    expect([fieldsOf('Min'), fieldsOf('Max')]).toEqual([least, least]);
  });
});

describe('several APIs in one process', () => {
  it('share all types that do not depend on a model', () => {
    const [one, other] = [apiOf(trackerSdl), apiOf(trackerSdl)];
    for (const name of ['PageInfo', 'SortOrder', 'StringFilter', 'StringListFilter', 'Cursor']) {
      expect(one.schema.getType(name), name).toBeDefined();
      expect(one.schema.getType(name), name).toBe(other.schema.getType(name));
    }
    expect(one.schema.getType('Issue')).not.toBe(other.schema.getType('Issue'));
  });
});

describe('names of built-in JavaScript properties', () => {
  it('can be used for types, enum values and fields', () => {
    const names = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
    const fields = ['prototype', 'length', 'name', 'then', 'toJSON', 'type', 'input', 'where'];
    const api = apiOf(`
      enum E { ${names.join(' ')} }
      ${names.map((name) => `type ${name} @model(plural: "${name}Many") { id: ID! @id e: E ${fields.map((field) => `${field}: String`).join(' ')} }`).join('\n')}
    `);
    expectWhole(api, api.index.model);
    expect(Object.keys(api.schema.getQueryType()?.getFields() ?? {})).toEqual(
      names.flatMap((name) => [name, `${name}Many`]),
    );
    const create = api.schema.getType('constructorCreateInput');
    const value = { then: 'x', e: 'toString', length: '1' };
    expect(isInputObjectType(create) && coerceInputValue(value, create)).toEqual(value);
  });
});

describe(`a random model (${runs} runs, seed ${seed})`, { timeout: 60_000 }, () => {
  it('has a valid API with a binding for each field and only expected type names', () => {
    fc.assert(
      fc.property(modelPairs, access, ({ next }, rights) => {
        const model = readModel(next);
        expectWhole(buildApi(model, rights), model);
      }),
      { numRuns: runs, seed },
    );
  });

  it('with colliding names is either rejected or has a complete API', () => {
    const isRefused = { yes: 0, no: 0 };
    fc.assert(
      fc.property(meetingNames, (sdl) => {
        const reading = readSdl(sdl);
        isRefused[reading.ok ? 'no' : 'yes'] += 1;
        if (!reading.ok) {
          expect(reading.diagnostics.map(({ code }) => code)).not.toContain('SYNTAX_ERROR');
          return;
        }
        const api = buildApi(reading.model, everything);
        expectWhole(api, reading.model);
        const { length } = reading.model.types;
        expect(Object.keys(api.schema.getQueryType()?.getFields() ?? {})).toHaveLength(2 * length);
        expect(Object.keys(api.schema.getMutationType()?.getFields() ?? {})).toHaveLength(
          7 * length,
        );
      }),
      { numRuns: 5 * runs, seed },
    );
    expect(Math.min(isRefused.yes, isRefused.no)).toBeGreaterThan(runs / 10);
  });
});

const access: fc.Arbitrary<ApiAccess> = fc.record({
  read: fc.oneof(fc.constant('ALL' as const), someTypes()),
  write: fc.oneof(fc.constant('ALL' as const), someTypes()),
  introspect: fc.boolean(),
  rules: fc.constant(null),
});

function someTypes() {
  const names = ['Issue', 'Select', 'HTTPServer', 'User', 'NotThere'];
  return fc.subarray(names).map((some) => new Set(some));
}

/** Also checks that all generated names are in the list that `readSdl` uses to detect collisions. */
function expectWhole({ schema }: ProjectApi, model: Model): void {
  // `buildApi` sets `assumeValid` for speed, so the schema is validated here.
  expect(validateSchema(new GraphQLSchema({ ...schema.toConfig(), assumeValid: false }))).toEqual(
    [],
  );
  const claimed = new Set([
    ...reservedTypeNames(model.types.flatMap(scalarsOf)),
    ...model.enums.flatMap(({ name }) => generatedEnumTypeNames(name, usesOf(model, name))),
    ...Object.values(rootTypeNames({ has: (name) => isDefined(model, name) })),
    ...model.types.flatMap(({ name, key, uniques }) => [
      ...generatedTypeNames(name, shapeOf(model, name)),
      ...[key, ...uniques].map(({ fields }) => uniqueInputName(name, fields)),
    ]),
  ]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    expect(claimed, type.name).toContain(type.name);
    if (isEnumType(type)) expect(type.getValues().length).toBeGreaterThan(0);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) expect(bindingOf(field)).toBeDefined();
  }
}

function scalarsOf({ fields }: ModelType) {
  return fields.flatMap((field) =>
    field.kind === 'VALUE' && field.type.kind === 'SCALAR'
      ? [{ name: field.type.name, list: field.list }]
      : [],
  );
}

function usesOf({ types }: Model, name: string): readonly ValueField[] {
  return types
    .flatMap(({ fields }) => fields)
    .filter((field) => field.kind === 'VALUE')
    .filter(({ type }) => type.kind === 'ENUM' && type.name === name);
}

function shapeOf({ types }: Model, name: string) {
  const fields = types.find((type) => type.name === name)?.fields ?? [];
  const incoming = types
    .flatMap((type) => type.fields)
    .filter((field) => field.kind !== 'VALUE')
    .filter(({ target }) => target === name);
  return { fields, incoming };
}

function isDefined({ types, enums }: Model, name: string): boolean {
  return [...types, ...enums].some((each) => each.name === name);
}

function kindsOf(type: unknown): string {
  const bindings = isObjectType(type) ? Object.values(type.getFields()).map(bindingOf) : [];
  const aggregated = bindings.flatMap((each) =>
    each.kind === 'AGGREGATED' ? [`${each.kind} ${each.by} ${each.field.name}`] : [],
  );
  return aggregated.length > 0 ? aggregated.join(', ') : bindings.map(({ kind }) => kind).join(' ');
}

function inputFields(printed: string, name: string): Readonly<Record<string, string>> {
  const type = buildSchema(printed).getType(name);
  if (!isInputObjectType(type)) return {};
  return Object.fromEntries(
    Object.values(type.getFields()).map((field) => [field.name, String(field.type)]),
  );
}
