import type { WriteOperation } from '../../../src/engine/api/bindings.ts';
import { asList, namesHidden, nestedCodes } from './early-errors.ts';
import { isOwningSide } from '../../../src/engine/api/model-index.ts';
import type { AccessModel } from '../../../src/engine/sdl/access-model.ts';
import type { ModelType } from '../../../src/engine/sdl/model.ts';
import { written } from '../cells.ts';
import { deleteRows } from '../delete.ts';
import { matches } from '../filter.ts';
import { asInput, asInputs, type Input } from '../input.ts';
import { foreignKeyOf, keyOf, referenceIn } from '../keys.ts';
import type { Row } from '../row.ts';
import { StillReferenced, type Store } from '../store.ts';
import { Undecided } from '../undecided.ts';
import { findByKey, findTwin } from '../unique.ts';
import { withKey } from '../upsert-key.ts';
import { compare } from '../values.ts';
import { WriteFailure } from '../write.ts';
import {
  emptyPlan,
  emptyStep,
  owningCells,
  planNested,
  planRow,
  presetCells,
  Refusal,
  requireValues,
  type Link,
  type Plan,
  type Planning,
  type RelationField,
  type Step,
} from './planned-rows.ts';
import { presetOf } from './presets.ts';
import { RuledLinks } from './ruled-links.ts';
import { RuledState } from './ruled-state.ts';
import type { RuleWorld } from './rule-world.ts';

/** What a mutation wrote: the rows of the answer, and the data from which they are read. */
export interface RuledWritten {
  readonly store: Store;
  readonly rows: readonly Row[];
}

/**
 * Applies a mutation of a caller with access rules to the store. The order of checks is that of the documentation: rows
 * that the input refers to (`NOT_FOUND`), the rules of the written rows (`FORBIDDEN`), constraints.
 * @throws WriteFailure, after which the store is in an undefined state
 */
export function writeWithRules(
  world: RuleWorld,
  type: ModelType,
  operation: WriteOperation,
  args: Input,
): RuledWritten {
  try {
    return new RuledWriter(world).write(type, operation, args);
  } catch (error) {
    if (error instanceof Refusal) {
      const inputs = [args['data'], args['create'], args['update']].flatMap(asList);
      const early = inputs.some((input) => namesHidden(world, type, input)) ? ['NOT_FOUND'] : [];
      throw new WriteFailure([...error.codes, ...early]);
    }
    if (error instanceof StillReferenced) throw new Undecided();
    throw error;
  }
}

/** The columns that an update sets. */
interface Assigned {
  readonly changes: Row;
  /** The fields of values that the input sets. */
  readonly fields: readonly string[];
  /** Whether the update refers to a row that has no value in a referenced field. */
  readonly unreferable: boolean;
}

class RuledWriter {
  readonly #state: RuledState;
  readonly #links: RuledLinks;
  readonly #access: AccessModel;

  constructor(world: RuleWorld) {
    const { access } = world.store.index.model;
    if (access === null) throw new Error('The model has no access rules.');
    this.#state = new RuledState(world);
    this.#links = new RuledLinks(this.#state);
    this.#access = access;
  }

  write(type: ModelType, operation: WriteOperation, args: Input): RuledWritten {
    switch (operation) {
      case 'CREATE_ONE':
        return this.#create(type, [asInput(args['data'])], false);
      case 'CREATE_MANY':
        return this.#create(type, asInputs(args['data']), args['skipDuplicates'] === true);
      case 'CREATE_ME':
        throw new Undecided();
      case 'UPDATE_ONE': {
        const row = this.#changeable(type, args, 'UPDATE');
        if (row === null) throw new Refusal('NOT_FOUND', ...nestedCodes(type, args['data']));
        return this.#update(type, [row], asInput(args['data']));
      }
      case 'UPDATE_MANY':
        return this.#update(type, this.#matching(type, args, 'UPDATE'), asInput(args['data']));
      case 'UPSERT_ONE': {
        const row = this.#changeable(type, args, 'UPDATE');
        if (row !== null) return this.#update(type, [row], asInput(args['update']));
        const keyed = withKey(
          this.#state.store.index,
          type,
          asInput(args['where']),
          asInput(args['create']),
        );
        if (Object.keys(keyed.expected).length > 0) throw new Undecided();
        return this.#create(type, [keyed.create], false);
      }
      case 'DELETE_ONE': {
        const row = this.#changeable(type, args, 'DELETE');
        if (row === null) throw new Refusal('NOT_FOUND');
        return this.#delete(type, [row]);
      }
      case 'DELETE_MANY':
        return this.#delete(type, this.#matching(type, args, 'DELETE'));
    }
  }

  /** The row with a key, if the caller sees it by this key and may change it. */
  #changeable(type: ModelType, args: Input, operation: 'UPDATE' | 'DELETE'): Row | null {
    const seen = findByKey(this.#state.world.visible(), type, asInput(args['where']));
    const row = seen === null ? null : this.#same(type, seen);
    return row !== null && this.#state.world.permits(operation, { type, row }) ? row : null;
  }

  /** The rows that match a filter as the caller sees them, and that it may change, by key. */
  #matching(type: ModelType, { where, data, atMost }: Input, operation: 'UPDATE' | 'DELETE') {
    const seen = this.#state.world.visible();
    const rows = seen
      .all(type.name)
      .filter((row) => matches(seen, type, row, asInput(where)))
      .map((row) => this.#same(type, row))
      .filter((row) => row !== null)
      .filter((row) => this.#state.world.permits(operation, { type, row }))
      .sort((a, b) => this.#compareKeys(type, a, b));
    if (rows.length > Number(atMost)) {
      throw new Refusal('TOO_MANY_ROWS', ...nestedCodes(type, data));
    }
    if (rows.length === 0 && nestedCodes(type, data).length > 0) throw new Undecided();
    return rows;
  }

  #same(type: ModelType, seen: Row): Row | null {
    return this.#state.before.get(type.name, keyOf(this.#state.before.index, type, seen));
  }

  #compareKeys(type: ModelType, a: Row, b: Row): number {
    for (const { name, type: of } of this.#state.store.index.keyOf(type)) {
      const order = compare(of, a[name] ?? null, b[name] ?? null);
      if (order !== 0) return order;
    }
    return 0;
  }

  #planning(plan: Plan): Planning {
    return {
      store: this.#state.before,
      access: this.#access,
      world: this.#state.world,
      plan,
      find: (type, where) => {
        const row = this.#state.named(type, where);
        if (row === null) throw new Refusal('NOT_FOUND');
        return row;
      },
      findLater: (type, where) => {
        const row = this.#state.named(type, where);
        if (row !== null) return row;
        if (findByKey(this.#state.store, type, asInput(where)) !== null) throw new Undecided();
        throw new Refusal('NOT_FOUND');
      },
    };
  }

  #create(type: ModelType, inputs: readonly Input[], skipDuplicates: boolean): RuledWritten {
    const plan = emptyPlan();
    const planning = this.#planning(plan);
    const rows = inputs.map((input) => planRow(planning, type, input, { step: plan.root }));
    for (const step of stepsIn(plan.root)) {
      for (const { links } of step.rows) this.#requireLinks(links);
    }
    this.#links.release(plan);
    const inserted = this.#insert(plan.root, skipDuplicates ? plan.root : null);
    this.#links.connect(plan.connections);
    return this.#answer(
      type,
      rows.filter((row) => inserted.has(row)).map(({ row }) => row),
    );
  }

  /** @throws Refusal if a row that a foreign key refers to may not be referred to */
  #requireLinks(links: readonly Link[], world = this.#state.world): void {
    for (const { target, row } of links) {
      if (row === null || !world.permits('LINK', { type: target, row }))
        throw new Refusal('NOT_FOUND');
    }
  }

  /** Inserts rows step by step. @returns the inserted rows */
  #insert(root: Step, skipping: Step | null): ReadonlySet<unknown> {
    const inserted = new Set<unknown>();
    for (const step of stepsIn(root)) {
      const world = this.#state.now();
      if (step.rows.some(({ unreferable }) => unreferable.length > 0)) {
        throw new Refusal('BAD_USER_INPUT');
      }
      for (const { type, row } of step.rows) requireValues(this.#state.store, type, row);
      for (const { type, row, given } of step.rows) {
        const of = { type, row };
        const fields = given.filter((field) => !world.permitsField('CREATE', of, field));
        if (!world.permits('CREATE', of) || fields.length > 0) throw new Refusal('FORBIDDEN');
      }
      for (const planned of step.rows) {
        const { type, row } = planned;
        const isTaken = this.#isTaken(type, row);
        if (isTaken && step === skipping) continue;
        if (isTaken) throw new Refusal('UNIQUE_VIOLATION');
        this.#state.store.put(type, row);
        inserted.add(planned);
      }
      for (const { type, row } of step.rows) this.#requireReferences(type, row);
    }
    return inserted;
  }

  #isTaken(type: ModelType, row: Row): boolean {
    const { index } = this.#state.store;
    return (
      this.#state.store.get(type.name, keyOf(index, type, row)) !== null ||
      findTwin(this.#state.store, type, row) !== null
    );
  }

  /** Presets are not checked before. */
  #requireReferences(type: ModelType, row: Row): void {
    for (const field of type.fields) {
      if (field.kind === 'VALUE' || !isOwningSide(field)) continue;
      const foreignKey = foreignKeyOf(this.#state.store.index, {
        type: type.name,
        field: field.name,
      });
      const reference = referenceIn(foreignKey, row);
      if (reference !== null && this.#state.store.referenced(foreignKey, reference) === null) {
        throw new Refusal('FOREIGN_KEY_VIOLATION');
      }
    }
  }

  #update(type: ModelType, rows: readonly Row[], input: Input): RuledWritten {
    if (rows.length === 0) return { store: this.#state.store, rows: [] };
    const plan = emptyPlan();
    const planning = this.#planning(plan);
    const links: Link[] = [];
    const changes: Row = Object.assign(
      {},
      ...type.fields.map((field) => this.#newCells(planning, { type, field, input }, links)),
    ) as Row;
    const fields = type.fields
      .filter((field) => field.kind === 'VALUE' && input[field.name] !== undefined)
      .map(({ name }) => name);
    const nested = type.fields.filter(
      (field): field is RelationField =>
        field.kind !== 'VALUE' && !isOwningSide(field) && input[field.name] !== undefined,
    );
    // Rows are connected to one of several updated rows only. The order of the checks is not evaluated.
    if (rows.length > 1 && nested.length > 0) throw new Undecided();
    const [row] = rows;
    // Rows that are not named by their keys are looked up before anything is written.
    if (row !== undefined) this.#planNested(type, row, nested, input);
    for (const step of stepsIn(plan.root)) {
      for (const each of step.rows) this.#requireLinks(each.links);
    }
    this.#requireLinks(links);
    this.#links.release(plan);
    this.#insert(plan.root, null);
    this.#links.connect(plan.connections.splice(0));
    // A row can only be referred to if it has a value in each of the referenced fields.
    const unreferable = type.fields.some((field) => {
      if (field.kind === 'VALUE' || !isOwningSide(field)) return false;
      const { connect = null, create = null } = asInput(input[field.name] ?? {});
      return (connect ?? create) !== null && field.key.some(({ name }) => changes[name] === null);
    });
    this.#assign(type, rows, { changes, fields, unreferable });
    if (row !== undefined) this.#relink(type, row, nested, input);
    return this.#answer(type, rows);
  }

  #newCells(
    planning: Planning,
    {
      type,
      field,
      input,
    }: {
      readonly type: ModelType;
      readonly field: ModelType['fields'][number];
      readonly input: Input;
    },
    links: Link[],
  ): Row {
    const preset = presetOf(this.#access, type, field.name, 'UPDATE');
    if (preset !== null) return presetCells(planning, type, field, preset);
    const given = input[field.name];
    if (field.kind === 'VALUE') {
      return given === undefined ? {} : { [field.name]: written(field.type, given) };
    }
    if (!isOwningSide(field)) return {};
    const isGiven = field.key.some(({ name }) => input[name] !== undefined);
    if (given === undefined && !isGiven) return {};
    return owningCells(planning, { type, field, input, step: planning.plan.root }, links);
  }

  #assign(type: ModelType, rows: readonly Row[], { changes, fields, unreferable }: Assigned): void {
    const world = this.#state.now();
    const { index } = this.#state.store;
    const all = rows.map((row) => ({ row, now: this.#state.current(type, row) }));
    const isPermitted = ({ row, now }: (typeof all)[number]) => {
      const after = { type, row: { ...now, ...changes }, world };
      return this.#state.world.permitsChange({ type, row }, after, fields);
    };
    if (unreferable) throw new Refusal('BAD_USER_INPUT');
    requireValues(this.#state.store, type, changes);
    if (!all.every(isPermitted)) throw new Refusal('FORBIDDEN');
    for (const { now } of all) this.#state.change(type, now, { ...now, ...changes });
    for (const { now } of all) {
      const row = this.#state.store.get(type.name, keyOf(index, type, now));
      if (row === null) throw new Undecided();
      if (findTwin(this.#state.store, type, row) !== null) throw new Refusal('UNIQUE_VIOLATION');
      this.#requireReferences(type, row);
    }
  }

  #relink(type: ModelType, updated: Row, nested: readonly RelationField[], input: Input): void {
    for (const field of nested)
      this.#links.detach(type, updated, field, asInput(input[field.name]));
    const { plan, root } = this.#planNested(type, updated, nested, input);
    const world = this.#state.now();
    for (const step of stepsIn(root)) {
      for (const each of step.rows) this.#requireLinks(each.links, world);
    }
    this.#insert(root, null);
    this.#links.connect(plan.connections);
  }

  #planNested(
    type: ModelType,
    updated: Row,
    nested: readonly RelationField[],
    input: Input,
  ): { readonly plan: Plan; readonly root: Step } {
    const plan = emptyPlan();
    const planning = this.#planning(plan);
    const owner = { row: this.#state.current(type, updated) };
    const root = emptyStep();
    for (const field of nested) {
      planNested(planning, { type, field, owner }, asInput(input[field.name]), root);
    }
    return { plan, root };
  }

  #delete(type: ModelType, rows: readonly Row[]): RuledWritten {
    if (deleteRows(this.#state.store, type, rows) === 'RESTRICTED') {
      throw new Refusal('FOREIGN_KEY_VIOLATION');
    }
    return { store: this.#state.before, rows };
  }

  #answer(type: ModelType, rows: readonly Row[]): RuledWritten {
    return { store: this.#state.store, rows: rows.map((row) => this.#state.current(type, row)) };
  }
}

/** The steps in order: the rows that others refer to, the rows themselves, and the rows that are nested in them. */
function stepsIn(step: Step): readonly Step[] {
  return [
    ...[...step.before.values()].flatMap(stepsIn),
    step,
    ...[...step.after.values()].flatMap(stepsIn),
  ];
}
