import { isOwningSide, type OwningSideField } from '../../../src/engine/api/model-index.ts';
import type { ModelType } from '../../../src/engine/sdl/model.ts';
import { asInputs, type Input } from '../input.ts';
import { cellsTo, foreignKeyOf, keyOf, referenceTo } from '../keys.ts';
import type { Row } from '../row.ts';
import { Undecided } from '../undecided.ts';
import { findTwin } from '../unique.ts';
import { Refusal, type Connection, type Plan, type RelationField } from './planned-rows.ts';
import type { RuledState } from './ruled-state.ts';

/** Applies the changes of links between rows, as far as the rules permit them. */
export class RuledLinks {
  readonly #state: RuledState;

  constructor(state: RuledState) {
    this.#state = state;
  }

  release({ releases }: Plan): void {
    for (const { holder, field, target } of releases) {
      const foreignKey = foreignKeyOf(this.#state.store.index, {
        type: holder.name,
        field: field.name,
      });
      const holders = this.#state.store.pointing(foreignKey, referenceTo(foreignKey, target));
      this.#clear(holder, field, holders);
    }
  }

  /**
   * Sets a foreign key to null in rows that the caller may update.
   * @returns whether the rules permit the new values. If not, no row changes
   */
  #clear(type: ModelType, field: OwningSideField, rows: readonly Row[]): boolean {
    const cells = cellsTo(
      foreignKeyOf(this.#state.store.index, { type: type.name, field: field.name }),
      null,
    );
    const world = this.#state.now();
    const found = rows.filter((row) => world.permits('UPDATE', { type, row }));
    const permitted = found.every((row) =>
      world.permitsChange({ type, row }, { type, row: { ...row, ...cells }, world }, []),
    );
    if (!permitted) return false;
    for (const row of found) this.#state.change(type, row, { ...row, ...cells });
    return true;
  }

  /** Many-to-many pairs first, then foreign keys on the other side. */
  connect(connections: readonly Connection[]): void {
    const isPair = ({ field }: Connection) =>
      this.#state.store.index.relation(field.relation).kind === 'JOIN_TABLE';
    for (const group of byField(connections.filter(isPair))) this.#pair(group);
    for (const group of byField(connections.filter((each) => !isPair(each)))) this.#attach(group);
  }

  #pair(group: readonly Connection[]): void {
    const world = this.#state.now();
    const { index } = this.#state.store;
    for (const { type, field, owner, other } of group) {
      const target = index.type(field.target);
      const permitted = [
        { type, row: this.#state.current(type, owner()) },
        { type: target, row: this.#state.current(target, other()) },
      ].every((of) => world.permitsPair(of));
      if (!permitted) throw new Refusal('NOT_FOUND');
    }
    for (const { type, field, owner, other } of group) {
      const pair = {
        own: keyOf(index, type, owner()),
        other: keyOf(index, index.type(field.target), other()),
      };
      this.#state.store.setPair({ type, field }, pair, true);
    }
  }

  #attach(group: readonly Connection[]): void {
    const { index } = this.#state.store;
    const [first] = group;
    if (first === undefined) return;
    const relation = index.relation(first.field.relation);
    if (relation.kind === 'JOIN_TABLE') return;
    const target = index.type(first.field.target);
    const foreignKey = foreignKeyOf(index, relation.owningSide);
    const world = this.#state.now();
    const changes = new Map<string, { row: Row; after: Row }>();
    for (const { type, owner, other } of group) {
      const parent = this.#state.current(type, owner());
      const existed = this.#state.before.get(type.name, keyOf(index, type, parent)) !== null;
      if (existed && !world.permits('LINK', { type, row: parent })) throw new Refusal('NOT_FOUND');
      if (referenceTo(foreignKey, parent) === null) throw new Refusal('BAD_USER_INPUT');
      const row = this.#state.current(target, other());
      const after = { ...row, ...cellsTo(foreignKey, parent) };
      const key = keyOf(index, target, row);
      const earlier = changes.get(key);
      if (earlier !== undefined && JSON.stringify(earlier.after) !== JSON.stringify(after)) {
        throw new Refusal('BAD_USER_INPUT');
      }
      changes.set(key, { row, after });
    }
    const all = [...changes.values()];
    if (all.some(({ row }) => !world.permits('UPDATE', { type: target, row }))) {
      throw new Refusal('NOT_FOUND');
    }
    const isPermitted = ({ row, after }: (typeof all)[number]) =>
      world.permitsChange({ type: target, row }, { type: target, row: after, world }, []);
    if (!all.every(isPermitted)) throw new Refusal('FORBIDDEN');
    for (const { row, after } of all) this.#state.change(target, row, after);
    if (all.some(({ after }) => findTwin(this.#state.store, target, after) !== null)) {
      throw new Refusal('UNIQUE_VIOLATION');
    }
  }

  /** Detaches rows that the caller can read. Others stay. */
  detach(type: ModelType, updated: Row, field: RelationField, nested: Input): void {
    const { index } = this.#state.store;
    const target = index.type(field.target);
    const relation = index.relation(field.relation);
    const owner = this.#state.current(type, updated);
    const keysOf = (inputs: unknown) =>
      asInputs(inputs).flatMap((where) => {
        const row = this.#state.named(target, where);
        return row === null ? [] : [keyOf(index, target, row)];
      });
    const kept = nested['set'] == null ? null : keysOf(nested['set']);
    const left =
      field.kind === 'TO_MANY' && nested['disconnect'] != null ? keysOf(nested['disconnect']) : [];
    const isLeaving = (row: Row) => {
      if (field.kind === 'TO_ONE') return relation.kind === 'FOREIGN_KEY' && !relation.required;
      const key = keyOf(index, target, row);
      return left.includes(key) || (kept !== null && !kept.includes(key));
    };
    const rows = this.#state.store.related(type, owner, field).filter(isLeaving);
    const world = this.#state.now();
    const readable = rows.filter((row) => world.permits('READ', { type: target, row }));
    if (relation.kind === 'FOREIGN_KEY') {
      const own = index.field(target, relation.owningSide.field);
      if (own === null || own.kind === 'VALUE' || !isOwningSide(own)) throw new Undecided();
      if (!this.#clear(target, own, readable)) throw new Refusal('FORBIDDEN');
      return;
    }
    if (!world.permitsPair({ type, row: owner })) return;
    for (const row of readable.filter((each) => world.permitsPair({ type: target, row: each }))) {
      const pair = { own: keyOf(index, type, owner), other: keyOf(index, target, row) };
      this.#state.store.setPair({ type, field }, pair, false);
    }
  }
}

function byField(connections: readonly Connection[]): readonly (readonly Connection[])[] {
  const groups = new Map<RelationField, Connection[]>();
  for (const each of connections) {
    groups.set(each.field, [...(groups.get(each.field) ?? []), each]);
  }
  return [...groups.values()];
}
