import { buildApi } from '../../../src/engine/api/build-api.ts';
import { everything } from '../../../src/engine/api/access.ts';
import { scalarFilters } from '../../../src/engine/api/filters.ts';
import { columnsOfType } from '../../../src/engine/api/model-index.ts';
import { accessOperations, type AccessOperation } from '../../../src/engine/sdl/access-model.ts';
import { isScalarName } from '../../../src/engine/sdl/scalars.ts';
import type { ModelType, ValueType } from '../../../src/engine/sdl/model.ts';
import { readModel } from '../../engine/project.ts';
import { randomData } from '../random-data.ts';
import { KnownRows } from '../random-keys.ts';
import { isSampled, samples } from '../samples.ts';
import type { Tape } from '../tape.ts';
import { asText } from '../values.ts';
import { randomFilter, type ClaimDraft, type FilterPlace } from './random-filter.ts';
import {
  draftOf,
  withoutMistakes,
  type FieldDraft,
  type Schema,
  type TypeDraft,
} from './sdl-draft.ts';

/** Values of these types are simple texts, so that callers are often found by them. */
export function isIdentifying({ name }: ValueType): boolean {
  return ['ID', 'UUID', 'String', 'Int', 'BigInt', 'Color'].includes(name);
}

const claimTypes = [
  ...['String', 'Int', 'Boolean', 'Color', 'UUID', 'BigInt', 'Decimal', 'Date', 'DateTime'],
  'Float',
];

/** Adds random access rules to a random SDL, with every directive, reference and kind of condition. */
export function withRandomRules(sdl: string, tape: Tape): Schema {
  const plain = readModel(sdl);
  const draft = draftOf(sdl);
  const single = plain.types.filter(({ key }) => key.columns.length === 1);
  const simple = single.filter(({ fields }) =>
    fields.some(
      (field) => field.kind === 'VALUE' && field.role === 'ID' && isIdentifying(field.type),
    ),
  );
  const users = simple.length > 0 ? simple : single;
  const user = users.length === 0 || tape.oneIn(10) ? null : tape.pick(users);
  const userDraft = draft.types.find(({ name }) => name === user?.name);
  userDraft?.directives.push('@user');
  userDraft?.fields.push({
    name: 'email',
    text: `  email: String${tape.pick(['', '!', ' @unique', '! @unique'])}`,
    directives: [],
  });
  const claims = tape.oneIn(8) ? [] : randomClaims(tape);
  if (claims.length > 0) {
    const fields = claims.map(
      ({ name, type, list }) => `${name}: ${list ? `[${type.name}!]` : type.name}`,
    );
    draft.rest.push(`type Claims @claims { ${fields.join(' ')} }`);
  }
  // The filters are written with the API of the model that already has the field `email`.
  const base = withoutMistakes({
    ...draft,
    types: draft.types.map((type) => ({ ...type, directives: [] })),
  }).model;
  const api = buildApi({ ...base, access: null }, everything);
  const known = new KnownRows(randomData(api.index, tape));
  const maker = new RuleMaker({
    api,
    tape,
    known,
    claims,
    userType: user === null ? null : api.index.type(user.name),
  });
  for (const type of draft.types) maker.addTo(type, api.index.type(type.name));
  const schema = withoutMistakes(draft);
  if (schema.model.access !== null) return schema;
  // A small schema can be left without any rule. It then gets one, because these worlds are about rules.
  draft.types[0]?.directives.push('@allow(to: [READ])');
  return withoutMistakes(draft);
}

function randomClaims(tape: Tape): readonly ClaimDraft[] {
  return Array.from({ length: 1 + tape.below(5) }, (_, at) => {
    const name = tape.pick(claimTypes);
    const type: ValueType = isScalarName(name) ? { kind: 'SCALAR', name } : { kind: 'ENUM', name };
    return { name: `c${at}`, type, list: tape.oneIn(3) };
  });
}

class RuleMaker {
  readonly #of: Omit<FilterPlace, 'owner'>;
  readonly #claimFilters: readonly string[];
  /** One rule in this number has no `where`. In some schemas, rules are generous. */
  readonly #generosity: number;

  constructor(of: Omit<FilterPlace, 'owner'>) {
    this.#of = of;
    this.#generosity = of.tape.pick([6, 6, 2]);
    const count = of.claims.length === 0 ? 0 : 1 + of.tape.below(4);
    this.#claimFilters = Array.from({ length: count }, () => this.#claimFilter(2));
  }

  addTo(draft: TypeDraft, type: ModelType): void {
    const { tape } = this.#of;
    if (tape.oneIn(12)) return;
    const allowed = new Set<AccessOperation>();
    for (let count = 1 + tape.below(4); count > 0; count -= 1) {
      const others = this.#operations(accessOperations);
      // Without READ, few other rules of a type matter.
      const to = allowed.size === 0 ? [...new Set(['READ' as const, ...others])] : others;
      to.forEach((operation) => allowed.add(operation));
      draft.directives.push(this.#allow(to, type));
    }
    if (tape.oneIn(5)) {
      const to = this.#operations([...allowed]);
      draft.directives.push(`@require(${this.#conditions(to, type, true)})`);
    }
    for (const field of draft.fields) {
      if (tape.oneIn(3)) this.#addToField(field, type, [...allowed]);
    }
  }

  #addToField(draft: FieldDraft, type: ModelType, allowed: readonly AccessOperation[]): void {
    const { tape, api } = this.#of;
    const kind = tape.pick(['ALLOW', 'ALLOW', 'ALLOW', 'PRESET', 'PRIVATE'] as const);
    const isValue = api.index.field(type, draft.name)?.kind === 'VALUE';
    const usable = allowed.filter((operation) => operation !== 'DELETE' && operation !== 'LINK');
    if (kind === 'PRIVATE') draft.directives.push('@private');
    else if (kind === 'PRESET') draft.directives.push(...this.#preset(draft, type));
    else if (usable.length > 0) {
      for (let count = tape.pick([1, 1, 2]); count > 0; count -= 1) {
        const to = this.#operations(usable);
        draft.directives.push(isValue ? this.#allow(to, type) : this.#allowByClaims(to));
      }
    }
  }

  #operations(usable: readonly AccessOperation[]): readonly AccessOperation[] {
    const { tape } = this.#of;
    const to = tape.subset(usable, 5);
    const reads = usable.includes('READ') && tape.oneIn(2) ? (['READ'] as const) : [];
    const all = [...new Set([...reads, ...to])];
    return all.length === 0 ? [tape.pick(usable)] : all;
  }

  #allow(to: readonly AccessOperation[], type: ModelType): string {
    return `@allow(${this.#conditions(to, type, false)}${this.#audience()})`;
  }

  #allowByClaims(to: readonly AccessOperation[]): string {
    return `@allow(to: [${to.join(', ')}]${this.#audience()}${this.#claims()})`;
  }

  #audience(): string {
    const as = this.#of.tape.pick(['PUBLIC', 'PUBLIC', 'PUBLIC', 'GUEST', 'USER', null]);
    return as === null ? '' : `, as: ${as}`;
  }

  #claims(): string {
    const { tape } = this.#of;
    if (this.#claimFilters.length === 0 || !tape.oneIn(3)) return '';
    return `, claims: ${tape.pick(this.#claimFilters)}`;
  }

  /** `@require` has few conditions about the caller, because all of its conditions must hold. */
  #conditions(to: readonly AccessOperation[], owner: ModelType, isRequired: boolean): string {
    const { tape, userType } = this.#of;
    const place: FilterPlace = { ...this.#of, owner };
    const filter = (type: ModelType) => (tape.oneIn(20) ? '{}' : randomFilter(place, type));
    const where = tape.oneIn(this.#generosity) ? '' : `, where: ${filter(owner)}`;
    const check = to.includes('UPDATE') && tape.oneIn(3) ? `, check: ${filter(owner)}` : '';
    const isAboutUser = userType !== null && tape.oneIn(isRequired ? 8 : 4);
    const user = isAboutUser ? `, user: ${filter(userType)}` : '';
    return `to: [${to.join(', ')}]${where}${check}${user}${isRequired && !tape.oneIn(3) ? '' : this.#claims()}`;
  }

  #claimFilter(depth: number): string {
    const { tape, claims } = this.#of;
    const inner = () => this.#claimFilter(depth - 1);
    switch (depth === 0 ? 3 : tape.below(8)) {
      case 0:
        return `{ not: ${inner()} }`;
      case 1:
        return `{ or: [${inner()}, ${inner()}] }`;
      case 2:
        return `{ and: [${inner()}, ${inner()}] }`;
      default: {
        const { name, type, list } = tape.pick(claims);
        return `{ ${name}: { ${this.#claimOperator(type, list)} } }`;
      }
    }
  }

  #claimOperator(type: ValueType, list: boolean): string {
    const { tape } = this.#of;
    const value = () => this.#value(type);
    const values = () => `[${tape.list(2, value).join(', ')}]`;
    if (list) {
      return tape.pick([
        () => `has: ${value()}`,
        () => `hasSome: [${value()}, ${value()}]`,
        () => `hasEvery: ${values()}`,
        () => `isEmpty: ${String(tape.oneIn(2))}`,
        () => `isNull: ${String(tape.oneIn(2))}`,
      ])();
    }
    const filters =
      type.kind === 'SCALAR' ? Object.keys(scalarFilters[type.name].one.getFields()) : [];
    const ordered = filters.includes('lt') ? [() => `lte: ${value()}`, () => `gt: ${value()}`] : [];
    return tape.pick([
      () => `eq: ${value()}`,
      () => `neq: ${value()}`,
      ...(type.name === 'Boolean'
        ? []
        : [() => `in: [${value()}, ${value()}]`, () => `notIn: [${value()}]`]),
      () => `isNull: ${String(tape.oneIn(2))}`,
      ...ordered,
    ])();
  }

  /** A constant as a literal. */
  #value({ name }: ValueType): string {
    const value = this.#of.tape.pick(isSampled(name) ? samples[name] : []);
    return name === 'Color' ? asText(value) : JSON.stringify(value);
  }

  #preset({ name }: FieldDraft, type: ModelType): readonly string[] {
    const { api, tape, userType, claims } = this.#of;
    const on = tape.pick(['', ', on: [CREATE, UPDATE]', ', on: [UPDATE]']);
    const field = api.index.field(type, name);
    const column = columnsOfType(type).find((each) => each.field === field);
    if (field === null || column === undefined) return [];
    const references = [
      ...(userType === null ? [] : columnsOfType(userType))
        .filter((each) => each.type.name === column.type.name && !each.list && !column.list)
        .map((each) => `"$user.${each.name}"`),
      ...claims
        .filter((each) => each.type.name === column.type.name && each.list === column.list)
        .map((each) => `"$claims.${each.name}"`),
      // The time of a write is not known, but the day is.
      ...(column.type.name === 'Date' && !column.list ? ['"$now"'] : []),
    ];
    // A reference with more digits than the field would be rounded.
    const isRounded = field.kind === 'VALUE' && 'decimal' in field.type;
    if (isRounded) return [];
    if (field.kind !== 'VALUE' || (references.length > 0 && !tape.oneIn(3))) {
      return references.length === 0 ? [] : [`@preset(value: ${tape.pick(references)}${on})`];
    }
    // IDs have no samples, and literals of JSON values are no JSON.
    if (field.type.name === 'JSON' || field.type.name === 'ID') return [];
    return [
      `@preset(value: ${column.list ? `[${this.#value(field.type)}]` : this.#value(field.type)}${on})`,
    ];
  }
}
