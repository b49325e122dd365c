import { assertNever } from '../../platform/assert-never.ts';
import type { ModelIndex } from '../api/model-index.ts';
import { operationErrors } from '../errors.ts';
import type { Variables } from '../queries/plan.ts';
import { literalValue } from '../rules/filter-literals.ts';
import { fieldAccess, rulesOf } from '../rules/rights.ts';
import { claimParameter } from '../rules/subject.ts';
import type { Claim, PresetOperation, Reference } from '../sdl/access-model.ts';
import type { ModelType } from '../sdl/model.ts';
import type { RuleProfile } from '../rules/profile.ts';
import { provedValues } from './proved-values.ts';
import { PresetCell } from './row-ref.ts';
import type { WritableColumn, WritableField } from './writable-table.ts';

/** A cell whose value is a field of the caller's row, or the time of the transaction if the field is null. */
interface PendingCell {
  readonly cell: PresetCell;
  readonly userField: string | null;
  readonly column: WritableColumn;
}

/** The values of a caller to whom rules apply, in the writes of one request: presets, and what its token proves. */
export class Presets {
  /** The cells whose values PostgreSQL must return before the rows are written. */
  readonly pending: PendingCell[] = [];
  readonly #index: ModelIndex;
  readonly #variables: Variables;
  readonly #profile: RuleProfile;

  /** @param variables contain the values of the caller: see `subjectVariables` */
  constructor(index: ModelIndex, variables: Variables, profile: RuleProfile) {
    this.#index = index;
    this.#variables = variables;
    this.#profile = profile;
  }

  /** Returns a cell for each column of the field. Null if no preset fills the field. */
  cells(
    type: ModelType,
    field: WritableField,
    operation: PresetOperation,
  ): readonly unknown[] | null {
    const name = field.kind === 'VALUE' ? field.column.name : field.key.field.name;
    const preset = fieldAccess(this.#index.model.access, type.name, name)?.preset ?? null;
    if (preset?.on.includes(operation) !== true) return null;
    const { value } = preset;
    const columns = field.kind === 'VALUE' ? [field.column] : field.key.columns;
    return columns.map((column) => {
      if (value.kind === 'REFERENCE') return this.#cell(type, column, value.reference, operation);
      if (value.literal === 'null') return null;
      const typed = this.#index.column(type, column.name);
      if (typed === null) throw new Error(`${type.name} has no column ${column.name}.`);
      return literalValue(value, typed, 'eq');
    });
  }

  /** The fields with rules of their own, which must permit the values that the input gives them. */
  fieldsWithRules({ name }: ModelType): readonly string[] {
    const fields = rulesOf(this.#index.model.access, name)?.fields ?? [];
    return fields.filter(({ allows }) => allows.length > 0).map(({ field }) => field);
  }

  /** @throws OperationError `FORBIDDEN`: see `provedValues` */
  provedValues(type: ModelType): Readonly<Record<string, unknown>> {
    return provedValues(this.#index, type, this.#profile, this.#variables);
  }

  #claim(name: string): Claim {
    const claim = this.#index.model.access?.claims.find((each) => each.name === name);
    if (claim === undefined) throw new Error(`There is no claim ${name}.`);
    return claim;
  }

  #cell(
    { name }: ModelType,
    column: WritableColumn,
    reference: Reference,
    operation: PresetOperation,
  ): PresetCell {
    const refusal = operationErrors.forbidden(operation === 'CREATE' ? 'create' : 'update', name);
    const cell = new PresetCell(column.required, refusal);
    switch (reference.of) {
      case 'NOW':
        // The key must be known, because written rows are read by it.
        if (column.inKey) this.pending.push({ cell, userField: null, column });
        // PostgreSQL reads this text as the time of the transaction (manual, 8.5.1.4).
        else cell.set('now');
        return cell;
      case 'CLAIM':
        cell.set(claimParameter(this.#claim(reference.name))(this.#variables));
        return cell;
      case 'USER':
        this.pending.push({ cell, userField: reference.field, column });
        return cell;
      case 'ROW':
        throw new Error('A preset cannot refer to a row.');
      default:
        return assertNever(reference);
    }
  }
}
