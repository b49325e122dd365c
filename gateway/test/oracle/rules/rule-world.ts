import { isQuantifier } from '../../../src/engine/api/filter-operators.ts';
import type { ModelColumn } from '../../../src/engine/api/model-index.ts';
import type { ProjectApi } from '../../../src/engine/api/project-api.ts';
import type { Subject } from '../../../src/engine/rules/subject.ts';
import type {
  AccessModel,
  AccessOperation,
  AllowRule,
  FieldAccess,
  FilterNode,
  FilterObject,
  PresetValue,
  Reference,
  RuleConditions,
  TypeAccess,
} from '../../../src/engine/sdl/access-model.ts';
import type { JsonValue, ModelType } from '../../../src/engine/sdl/model.ts';
import { matches } from '../filter.ts';
import type { Row } from '../row.ts';
import { Store } from '../store.ts';
import { canonical } from '../values.ts';
import { callerOf, includes, type Caller } from './caller.ts';
import { literalIn } from './literals.ts';

/** A row that a rule or a part of its filter is about. */
interface RowOf {
  readonly type: ModelType;
  readonly row: Row;
}

/** The conditions of a rule, of which UPDATE has some about the row before it and some about the row after it. */
type Conditions = Pick<RuleConditions, 'where' | 'user'>;

/**
 * Evaluates access rules row by row, according to their documentation. It shares no code with the compilation of rules.
 */
export class RuleWorld {
  readonly caller: Caller;
  readonly #api: ProjectApi;
  /** All rows: no rules apply inside rules. */
  readonly store: Store;
  readonly #access: AccessModel;

  /** @param api the API of a server, which contains everything */
  constructor(api: ProjectApi, store: Store, subject: Subject) {
    const { access } = store.index.model;
    if (access === null) throw new Error('The model has no access rules.');
    this.#api = api;
    this.store = store;
    this.#access = access;
    this.caller = callerOf(store, access, subject);
  }

  /** The same rules and caller for other data. The caller's row is that of the other data. */
  on(store: Store): RuleWorld {
    return new RuleWorld(this.#api, store, this.caller.subject);
  }

  /** The data without the rows that the caller cannot read, and with null for the values that it cannot read. */
  visible(): Store {
    const { index, sequences } = this.store;
    const { pairs } = this.store.toPlain();
    const rows = index.model.types.map((type): readonly [string, readonly Row[]] => [
      type.name,
      this.store
        .all(type.name)
        .filter((row) => this.permits('READ', { type, row }))
        .map((row) => this.#withoutHidden({ type, row })),
    ]);
    return new Store(index, { rows: Object.fromEntries(rows), pairs }, sequences);
  }

  /** Fields that the caller cannot read in any row are not a part of its API, so they are left as they are. */
  #withoutHidden(of: RowOf): Row {
    const names = Object.keys(of.row).filter(
      (name) => this.mayReadField(of.type, name) && !this.permitsField('READ', of, name),
    );
    return { ...of.row, ...Object.fromEntries(names.map((name) => [name, null])) };
  }

  /** Whether there are rules that let the caller read some rows of a type. */
  mayRead(type: ModelType): boolean {
    const rules = this.#rulesOf(type);
    return (
      rules !== null &&
      this.#applying(rules.allows, 'READ').length > 0 &&
      rules.requires.every((rule) => !rule.to.includes('READ') || this.#claimsHold(rule))
    );
  }

  /** Whether there are rules that let the caller read a field of some rows of a type that it may read. */
  mayReadField(type: ModelType, name: string): boolean {
    const rules = this.#fieldRules(type, name);
    if (rules === null) return true;
    if (rules.isPrivate) return false;
    return rules.allows.length === 0 || this.#applying(rules.allows, 'READ').length > 0;
  }

  /** Whether the caller may do something with a row as it is or, for CREATE, as it will be written. */
  permits(operation: AccessOperation, of: RowOf): boolean {
    switch (operation) {
      case 'READ':
      case 'CREATE':
        return this.#holds(operation, of);
      case 'UPDATE':
      case 'DELETE':
        return this.#holds(operation, of) && this.#holds('READ', of);
      case 'LINK':
        return this.#holds(this.#hasLinkRules(of.type) ? 'LINK' : 'READ', of);
    }
  }

  /** Whether a row may become a side of a many-to-many pair, or stop being one. READ never permits it. */
  permitsPair(of: RowOf): boolean {
    return this.permitsChange(of, { ...of, world: this }, []) || this.#holds('LINK', of);
  }

  /** Whether LINK is decided by rules of its own. */
  #hasLinkRules(type: ModelType): boolean {
    return this.#rulesOf(type)?.allows.some(({ to }) => to.includes('LINK')) === true;
  }

  /**
   * Whether the caller may change a row. One and the same `@allow` must hold before and after.
   * @param fields the fields that the change writes
   */
  permitsChange(
    before: RowOf,
    after: RowOf & { readonly world: RuleWorld },
    fields: readonly string[],
  ): boolean {
    if (!this.#holds('READ', before)) return false;
    const rules = this.#rulesOf(before.type);
    if (rules === null) return false;
    const both = (rule: RuleConditions) =>
      this.#conditionsHold(rule, before) &&
      after.world.#conditionsHold({ user: rule.user, where: rule.check ?? rule.where }, after);
    const oneOf = (allows: readonly AllowRule[]) =>
      this.#applying(allows, 'UPDATE').some((rule) => both(rule));
    const requires = rules.requires.filter(({ to }) => to.includes('UPDATE'));
    const ofFields = fields.flatMap((field) => this.#fieldRules(before.type, field) ?? []);
    return (
      oneOf(rules.allows) &&
      requires.every((rule) => this.#claimsHold(rule) && both(rule)) &&
      ofFields.every(({ allows }) => allows.length === 0 || oneOf(allows))
    );
  }

  /** Whether the rules of a field permit an operation for a row of which the rules of the type permit it. */
  permitsField(operation: AccessOperation, of: RowOf, field: string): boolean {
    const rules = this.#fieldRules(of.type, field);
    if (rules === null) return true;
    if (rules.isPrivate) return false;
    if (rules.allows.length === 0) return true;
    return this.#applying(rules.allows, operation).some((rule) => this.#conditionsHold(rule, of));
  }

  /** The value of a preset for a column. Null if it is missing. */
  presetValue(value: PresetValue, { name, type }: ModelColumn, of: ModelType): JsonValue {
    if (value.kind === 'REFERENCE') {
      return this.#valueOf(value.reference, { type: of, row: {} }, type.name);
    }
    const constant = literalIn(this.#api, of, { column: name, operator: 'eq', node: value });
    // The literal was read as a value of the column.
    return canonical(type, constant as JsonValue);
  }

  #fieldRules(type: ModelType, name: string): FieldAccess | null {
    return this.#rulesOf(type)?.fields.find(({ field }) => field === name) ?? null;
  }

  #rulesOf({ name }: ModelType): TypeAccess | null {
    return this.#access.types.find(({ type }) => type === name) ?? null;
  }

  #holds(operation: AccessOperation, of: RowOf): boolean {
    const rules = this.#rulesOf(of.type);
    if (rules === null) return false;
    const requires = rules.requires.filter(({ to }) => to.includes(operation));
    return (
      this.#applying(rules.allows, operation).some((rule) => this.#conditionsHold(rule, of)) &&
      requires.every((rule) => this.#claimsHold(rule) && this.#conditionsHold(rule, of))
    );
  }

  /** The rules that apply to the caller, regardless of rows. A caller who is signed out has no row. */
  #applying(allows: readonly AllowRule[], operation: AccessOperation): readonly AllowRule[] {
    const { audience } = this.caller.subject;
    return allows.filter(
      (rule) =>
        rule.to.includes(operation) &&
        includes(rule.as, audience) &&
        (rule.user === null || audience !== 'PUBLIC') &&
        this.#claimsHold(rule),
    );
  }

  #claimsHold({ claims }: RuleConditions): boolean {
    return claims === null || this.caller.held[claims] === true;
  }

  #conditionsHold({ where, user }: Conditions, of: RowOf): boolean {
    if (user !== null && !this.#userMatches(user, of)) return false;
    if (where === null) return true;
    const places = { of: of.type, owner: of };
    return !this.#isMissingUnderNot(where, places) && this.#matches(where, of, of);
  }

  #userMatches(filter: FilterObject, owner: RowOf): boolean {
    const { row } = this.caller;
    const { userType } = this.#access;
    if (row === null || userType === null) return false;
    // An address that is not verified permits nothing.
    if (namesColumn(filter, 'email') && !this.#isVerified()) return false;
    const type = this.store.index.type(userType);
    if (this.#isMissingUnderNot(filter, { of: type, owner })) return false;
    return this.#matches(filter, { type, row }, owner);
  }

  #matches(filter: FilterObject, of: RowOf, owner: RowOf): boolean {
    return filter.fields.every(([name, node]) => {
      const test = (each: FilterNode) => this.#matches(asObject(each), of, owner);
      switch (name) {
        case 'and':
          return asItems(node).every(test);
        case 'or':
          return asItems(node).some(test);
        case 'not':
          return !test(node);
        default:
          if (node.kind === 'CAN') return this.permits(node.operation, of);
          return this.#matchesField({ name, filter: asObject(node) }, of, owner);
      }
    });
  }

  #matchesField(
    { name, filter }: { readonly name: string; readonly filter: FilterObject },
    of: RowOf,
    owner: RowOf,
  ): boolean {
    const { index } = this.store;
    if (index.column(of.type, name) !== null)
      return this.#matchesColumn({ name, filter }, of, owner);
    const field = index.field(of.type, name);
    if (field === null || field.kind === 'VALUE') throw new Error(`Unknown field ${name}.`);
    const rows = this.store.related(of.type, of.row, field);
    const type = index.type(field.target);
    const test = (node: FilterNode) => (row: Row) =>
      this.#matches(asObject(node), { type, row }, owner);
    if (field.kind === 'TO_ONE') return rows.some(test(filter));
    return filter.fields.every(([quantifier, node]) => {
      if (!isQuantifier(quantifier)) throw new Error(`Unknown quantifier ${quantifier}.`);
      if (quantifier === 'some') return rows.some(test(node));
      return quantifier === 'every' ? rows.every(test(node)) : !rows.some(test(node));
    });
  }

  #matchesColumn(
    { name, filter }: { readonly name: string; readonly filter: FilterObject },
    { type, row }: RowOf,
    owner: RowOf,
  ): boolean {
    const operands = filter.fields.map(([operator, node]) => {
      if (node.kind === 'REFERENCE') {
        const column = this.store.index.column(type, name);
        return [operator, this.#valueOf(node.reference, owner, column?.type.name)] as const;
      }
      if (node.kind !== 'LITERAL') throw new Error(`${operator} has no operand.`);
      return [operator, literalIn(this.#api, type, { column: name, operator, node })] as const;
    });
    // A comparison with a missing reference is false.
    if (operands.some(([, operand]) => operand === null)) return false;
    return matches(this.store, type, row, { [name]: Object.fromEntries(operands) });
  }

  /** The value of a reference. Null if it is missing. */
  #valueOf(reference: Reference, owner: RowOf, of?: string): JsonValue {
    switch (reference.of) {
      case 'USER': {
        if (reference.field === 'email' && !this.#isVerified()) return null;
        return this.caller.row?.[reference.field] ?? null;
      }
      case 'CLAIM':
        return this.caller.claims.get(reference.name) ?? null;
      case 'ROW':
        return owner.row[reference.field] ?? null;
      case 'NOW': {
        const now = new Date().toISOString();
        return of === 'Date'
          ? now.slice(0, 10)
          : canonical({ kind: 'SCALAR', name: 'DateTime' }, now);
      }
    }
  }

  /** Whether the address in the caller's row is the verified one. */
  #isVerified(): boolean {
    const { row, subject } = this.caller;
    const { userType } = this.#access;
    if (row === null || userType === null || subject.verifiedEmail === null) return false;
    const { index } = this.store;
    const column = index.column(index.type(userType), 'email');
    return column?.type.name === 'String' && !column.list && row['email'] === subject.verifiedEmail;
  }

  /** Whether a reference under `not`, `none` or `every` is missing. The whole rule does not hold then. */
  #isMissingUnderNot(
    filter: FilterObject,
    { of, owner }: { readonly of: ModelType; readonly owner: RowOf },
  ): boolean {
    return this.#referencesUnderNot(filter, of, false).some(
      (reference) => reference.of !== 'NOW' && this.#valueOf(reference, owner) === null,
    );
  }

  #referencesUnderNot(
    { fields }: FilterObject,
    type: ModelType,
    negated: boolean,
  ): readonly Reference[] {
    const { index } = this.store;
    return fields.flatMap(([name, node]): readonly Reference[] => {
      const within = (inner: FilterNode, of: ModelType, isNegated: boolean) =>
        this.#referencesUnderNot(asObject(inner), of, isNegated);
      if (node.kind === 'LIST') return node.items.flatMap((item) => within(item, type, negated));
      if (name === 'not') return within(node, type, true);
      if (node.kind === 'CAN') return negated ? this.#referencesOfRules(type) : [];
      const field = index.column(type, name) === null ? index.field(type, name) : null;
      if (field === null || field.kind === 'VALUE') return negated ? referencesIn(node) : [];
      const target = index.type(field.target);
      if (field.kind === 'TO_ONE') return within(node, target, negated);
      return asObject(node).fields.flatMap(([quantifier, inner]) =>
        within(inner, target, negated || quantifier !== 'some'),
      );
    });
  }

  /** The references of the rules that `_can: READ` reuses. `$row` means another row there. */
  #referencesOfRules(type: ModelType): readonly Reference[] {
    const rules = this.#rulesOf(type);
    if (rules === null) return [];
    const allows = this.#applying(rules.allows, 'READ');
    const requires = rules.requires.filter(({ to }) => to.includes('READ'));
    if (allows.length === 0 || !requires.every((rule) => this.#claimsHold(rule))) return [];
    const userType = this.#access.userType ?? type.name;
    return [...allows, ...requires].flatMap(({ where, user }) => [
      ...(where === null ? [] : this.#allReferences(where, type)),
      ...(user === null ? [] : this.#allReferences(user, this.store.index.type(userType))),
    ]);
  }

  /** The references of a filter as if all of it were under `not`. */
  #allReferences(filter: FilterObject, type: ModelType): readonly Reference[] {
    return this.#referencesUnderNot(filter, type, true).filter(({ of }) => of !== 'ROW');
  }
}

function referencesIn(node: FilterNode): readonly Reference[] {
  return asObject(node).fields.flatMap(([, operand]) =>
    operand.kind === 'REFERENCE' ? [operand.reference] : [],
  );
}

/** Whether a filter on a row has a condition on one of the row's own columns. */
function namesColumn({ fields }: FilterObject, column: string): boolean {
  return fields.some(([name, node]) => {
    if (node.kind === 'LIST') return node.items.some((item) => namesColumn(asObject(item), column));
    return name === column || (name === 'not' && namesColumn(asObject(node), column));
  });
}

function asObject(node: FilterNode): FilterObject {
  if (node.kind !== 'OBJECT') throw new Error(`A ${node.kind} is not an object.`);
  return node;
}

function asItems(node: FilterNode): readonly FilterNode[] {
  if (node.kind !== 'LIST') throw new Error(`A ${node.kind} is not a list.`);
  return node.items;
}
