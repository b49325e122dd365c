import { isOwningSide, type OwningSideField } from '../../../src/engine/api/model-index.ts';
import type { AccessModel, Preset } from '../../../src/engine/sdl/access-model.ts';
import type {
  JsonValue,
  ModelType,
  ToManyField,
  ToOneField,
} from '../../../src/engine/sdl/model.ts';
import { canonicalValues, givenCells, listsOf, onlyIfAbsent, written } from '../cells.ts';
import { asInput, type Input } from '../input.ts';
import { cellsTo, foreignKeyOf, referenceIn } from '../keys.ts';
import type { Row } from '../row.ts';
import type { Store } from '../store.ts';
import { findByKey, hasColumns, namedKey } from '../unique.ts';
import { Undecided } from '../undecided.ts';
import { presetOf } from './presets.ts';
import type { RuleWorld } from './rule-world.ts';

export type RelationField = ToOneField | ToManyField;

/** A row that a mutation creates. */
export interface PlannedRow {
  readonly type: ModelType;
  row: Row;
  /** The fields that the input gives a value. */
  readonly given: readonly string[];
  /** The fields of relations to existing rows that the input names. */
  readonly links: readonly Link[];
  /** The relations to rows that have no value in the referenced field. */
  readonly unreferable: readonly string[];
}

/** A foreign key of a row that refers to an existing row. */
export interface Link {
  readonly target: ModelType;
  /** Null if there is no such row. */
  readonly row: Row | null;
}

/** An existing row that becomes related to a row that is written. */
export interface Connection {
  readonly type: ModelType;
  readonly field: RelationField;
  /** The row whose input contains the connection. */
  readonly owner: () => Row;
  /** The existing row, or a row that the same input creates. */
  readonly other: () => Row;
}

/** Rows that are created together: no one of them is there when the rules of the others are evaluated. */
export interface Step {
  readonly rows: PlannedRow[];
  readonly before: Map<string, Step>;
  readonly after: Map<string, Step>;
}

/** What a root field writes. */
export interface Plan {
  readonly root: Step;
  readonly connections: Connection[];
  /** Rows of one-to-one relations that are displaced, if the rules permit it. */
  readonly releases: {
    readonly holder: ModelType;
    readonly field: OwningSideField;
    readonly target: Row;
  }[];
}

export function emptyPlan(): Plan {
  return { root: emptyStep(), connections: [], releases: [] };
}

export function emptyStep(): Step {
  return { rows: [], before: new Map(), after: new Map() };
}

function stepIn(steps: Map<string, Step>, name: string): Step {
  const step = steps.get(name) ?? emptyStep();
  steps.set(name, step);
  return step;
}

/** Thrown when a rule or a row that is not there decides the outcome. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly codes: readonly string[];

  constructor(...codes: readonly string[]) {
    super(codes.join());
    this.codes = codes;
  }
}

/** What the planner needs to know of the data. */
export interface Planning {
  readonly store: Store;
  readonly access: AccessModel;
  readonly world: RuleWorld;
  readonly plan: Plan;
  /** Finds a row by the key in `connect`. @throws Refusal */
  readonly find: (type: ModelType, where: unknown) => Row;
  /** Finds a row after rows were created. @throws Refusal */
  readonly findLater: (type: ModelType, where: unknown) => Row;
}

interface Implied {
  readonly field: string;
  readonly owner: WithRow;
  /** The type of the row to which the nested row refers, if that row exists. */
  readonly existing: ModelType | null;
}

/** A row that exists or that is planned. */
interface WithRow {
  readonly row: Row;
}

/** Plans the creation of a row and of the rows that are nested in it. */
export function planRow(
  planning: Planning,
  type: ModelType,
  input: Input,
  { step, implied = null }: { readonly step: Step; readonly implied?: Implied | null },
): PlannedRow {
  const { store } = planning;
  const links: Link[] = [];
  const unreferable: string[] = [];
  const refer = (field: OwningSideField, own: Row): Row => {
    if (Object.values(own).includes(null)) unreferable.push(field.name);
    return own;
  };
  const cells = type.fields.map((field): Row => {
    if (implied?.field === field.name && isOwning(field)) {
      const { existing, owner } = implied;
      if (existing !== null) links.push({ target: existing, row: owner.row });
      return refer(field, referring(store, type, field, owner.row));
    }
    const preset = presetOf(planning.access, type, field.name, 'CREATE');
    if (preset !== null) return presetCells(planning, type, field, preset);
    if (field.kind === 'VALUE') {
      const given = input[field.name];
      const isAbsent = type.key.fields.includes(field.name) ? given == null : given === undefined;
      if (field.generate !== null && isAbsent) throw new Undecided();
      return { [field.name]: written(field.type, given ?? onlyIfAbsent(field, input)) };
    }
    if (!isOwning(field)) return {};
    const own = owningCells(planning, { type, field, input, step }, links);
    const { connect = null, create = null } = asInput(input[field.name] ?? {});
    return connect === null && create === null ? own : refer(field, own);
  });
  const given = type.fields.map(({ name }) => name).filter((name) => input[name] !== undefined);
  const planned: PlannedRow = {
    type,
    row: Object.assign({}, ...cells) as Row,
    given,
    links,
    unreferable,
  };
  step.rows.push(planned);
  for (const field of type.fields) {
    if (field.kind === 'VALUE' || isOwning(field) || input[field.name] == null) continue;
    planNested(planning, { type, field, owner: planned }, asInput(input[field.name]), step);
  }
  return planned;
}

function isOwning(field: ModelType['fields'][number]): field is OwningSideField {
  return field.kind !== 'VALUE' && isOwningSide(field);
}

export interface OwningInput {
  readonly type: ModelType;
  readonly field: OwningSideField;
  readonly input: Input;
  readonly step: Step;
}

/** The foreign key that an input sets, by its columns, by `connect` or by `create`. */
export function owningCells(
  planning: Planning,
  { type, field, input, step }: OwningInput,
  links: Link[],
): Row {
  const { store } = planning;
  const foreignKey = foreignKeyOf(store.index, { type: type.name, field: field.name });
  const target = store.index.type(field.target);
  const nested = input[field.name];
  if (nested == null) {
    const cells = givenCells(foreignKey, input);
    if (Object.values(cells).includes(null)) return cells;
    links.push({ target, row: store.referenced(foreignKey, referenceIn(foreignKey, cells)) });
    return cells;
  }
  const { connect, create } = asInput(nested);
  if (create != null) {
    const made = planRow(planning, target, asInput(create), {
      step: stepIn(step.before, field.name),
    });
    return referring(store, type, field, made.row);
  }
  if (connect == null) return cellsTo(foreignKey, null);
  const named = namedKey(store, target, asInput(connect));
  const isReference = hasColumns(
    named,
    foreignKey.columns.map(({ references }) => references),
  );
  if (isReference && findByKey(store, target, asInput(connect)) === null) {
    links.push({ target, row: null });
    return cellsTo(foreignKey, canonicalValues(named));
  }
  const row = planning.find(target, connect);
  links.push({ target, row });
  const relation = store.index.relation(field.relation);
  if (relation.kind === 'FOREIGN_KEY' && relation.unique && !field.required) {
    planning.plan.releases.push({ holder: type, field, target: row });
  }
  return referring(store, type, field, row);
}

/** The columns that refer to a row. Nulls if the row has no value to refer to: see `unreferable`. */
function referring(store: Store, type: ModelType, field: OwningSideField, row: Row): Row {
  return cellsTo(foreignKeyOf(store.index, { type: type.name, field: field.name }), row);
}

export interface NestedIn {
  readonly type: ModelType;
  readonly field: RelationField;
  readonly owner: WithRow;
}

/** Plans the rows that a nested input creates and connects on the other side of a relation. */
export function planNested(
  planning: Planning,
  { type, field, owner }: NestedIn,
  nested: Input,
  step: Step,
): void {
  const { store, plan } = planning;
  const target = store.index.type(field.target);
  const relation = store.index.relation(field.relation);
  const { connect, create } = listsOf(field, nested);
  const ownerRow = () => owner.row;
  const implied: Implied | null =
    relation.kind === 'JOIN_TABLE'
      ? null
      : { field: relation.owningSide.field, owner, existing: 'links' in owner ? null : type };
  for (const where of connect) {
    const { columns } = namedKey(store, target, where);
    const isKey = columns.map(({ name }) => name).join() === keyNames(store, target);
    const found = isKey ? null : planning.find(target, where);
    // A row that is named by its key is looked up when it is connected.
    const other = () => found ?? planning.findLater(target, where);
    plan.connections.push({ type, field, owner: ownerRow, other });
  }
  for (const data of create) {
    const inner = stepIn(step.after, field.name);
    const made = planRow(planning, target, data, { step: inner, implied });
    if (relation.kind === 'JOIN_TABLE') {
      plan.connections.push({ type, field, owner: ownerRow, other: () => made.row });
    }
  }
}

function keyNames(store: Store, type: ModelType): string {
  return store.index
    .keyOf(type)
    .map(({ name }) => name)
    .join();
}

/** The columns of a field with the value of its preset. Null if it is missing: see `requireValues`. */
export function presetCells(
  { store, world }: Pick<Planning, 'store' | 'world'>,
  type: ModelType,
  field: ModelType['fields'][number],
  preset: Preset,
): Row {
  const columns = field.kind === 'VALUE' ? [field] : isOwning(field) ? field.key : ([] as const);
  return Object.fromEntries(
    columns.map(({ name }): readonly [string, JsonValue] => {
      const column = store.index.column(type, name);
      if (column === null) throw new Error(`${type.name} has no column ${name}.`);
      return [name, world.presetValue(preset.value, column, type)];
    }),
  );
}

/** @throws Refusal if a required column is null, because the value of its preset is missing */
export function requireValues({ index }: Store, type: ModelType, row: Row): void {
  const missing = Object.keys(row).some(
    (name) => row[name] === null && index.column(type, name)?.required === true,
  );
  if (missing) throw new Refusal('FORBIDDEN');
}
