import type { ProjectApi } from '../../api/project-api.ts';
import { createFilterContext } from '../../queries/selection.ts';
import { allOf, anyOf } from '../../queries/source.ts';
import type { AliasedRow } from '../../queries/visibility.ts';
import { userColumn, type RuleScope } from '../../rules/references.ts';
import { fieldAllows, may, rightTo, rulesOf } from '../../rules/rights.ts';
import { conditionsFor, conditionsOf, ruleScope, visibilityFor } from '../../rules/visibility.ts';
import type { AccessOperation, RuleConditions } from '../../sdl/access-model.ts';
import type { ModelType } from '../../sdl/model.ts';
import { sql, type Sql } from '../../sql/sql.ts';
import type { WritableColumn } from '../writable-table.ts';

/**
 * The conditions that permit a caller to write rows of a type. They are about the alias `t`: a row of the table, or the
 * values that a row will have. They are created once for each API, because they are part of statement keys.
 */
export interface WriteRules {
  /** Whether the caller can read rows of the type at all. If not, answers contain only keys, without a condition. */
  readonly hasReading: boolean;
  readonly readable: Sql;
  readonly creatable: Sql;
  /** The fields that a new row can have only if a condition holds. */
  readonly creatableFields: readonly FieldRule[];
  readonly deletable: Sql;
  /** Whether another row can refer to the row. */
  readonly linkable: Sql;
  /** Whether the row can become, or stop being, a side of a many-to-many pair. */
  readonly pairable: Sql;
}

export interface FieldRule {
  readonly field: string;
  readonly condition: Sql;
}

/** A row can be updated if it is `permitted` and the rules permit the new values. */
export interface UpdateRules {
  /** The rows that can be updated: readable, with all `@require` and at least one alternative. */
  readonly permitted: Sql;
  /**
   * One alternative of each list must hold for both the old and the new values. The first list contains the rules of the
   * type, and the others those of assigned fields with rules of their own.
   */
  readonly alternatives: readonly (readonly UpdateAlternative[])[];
  /** What all new values must fulfil. */
  readonly required: Sql;
}

export interface UpdateAlternative {
  /** About the old values. */
  readonly where: Sql;
  /** About the new values. */
  readonly check: Sql;
}

/** The alias in conditions. */
const alias = sql`t`;

interface KnownRules {
  readonly write: WriteRules;
  /** `nameable`, by the names of the columns of a key. */
  readonly keys: Map<string, Sql>;
  /** By the fields with rules of their own that an update assigns. */
  readonly updates: Map<string, UpdateRules>;
}

/** The rules of each type that requests to an API have used. */
const known = new WeakMap<ProjectApi, Map<ModelType, KnownRules>>();

function knownRules(api: ProjectApi, type: ModelType): KnownRules {
  const types = known.get(api) ?? new Map<ModelType, KnownRules>();
  known.set(api, types);
  const found = types.get(type);
  if (found !== undefined) return found;
  const rules = {
    write: createRules(api, type),
    keys: new Map<string, Sql>(),
    updates: new Map<string, UpdateRules>(),
  };
  types.set(type, rules);
  return rules;
}

export function writeRules(api: ProjectApi, type: ModelType): WriteRules {
  return knownRules(api, type).write;
}

/** @param fields the fields of the API that an update assigns */
export function updateRules(
  api: ProjectApi,
  type: ModelType,
  fields: readonly string[],
): UpdateRules {
  const { access, profile } = scopeOf(api);
  const withRules = fields.filter(
    (field) =>
      fieldAllows(access, profile, { type: type.name, field, operation: 'UPDATE' }) !== null,
  );
  const { updates } = knownRules(api, type);
  const key = withRules.join(' ');
  const rules = updates.get(key) ?? createUpdate(scopeOf(api), { type, alias }, withRules);
  if (updates.size < maxUpdates) updates.set(key, rules);
  return rules;
}

/** The maximum number of different sets of fields of a type for which the rules of updates are kept. */
const maxUpdates = 100;

/**
 * The condition for rows that an input can name by a key: the caller can read the row or refer to it, and sees the values
 * of the key. A hidden value is absent for the caller.
 *
 * @param columns the columns of the key
 */
export function nameable(
  api: ProjectApi,
  type: ModelType,
  columns: readonly WritableColumn[],
): Sql {
  const { keys, write } = knownRules(api, type);
  const key = columns.map(({ column }) => column).join(' ');
  const found = keys.get(key);
  if (found !== undefined) return found;
  const scope = scopeOf(api);
  const { ofField } = visibilityFor(scope.context, scope.access, scope.profile);
  const fields = new Set(columns.map(({ column }) => api.index.fieldOfColumn(type, column)));
  const guards = [...fields].flatMap((field) => ofField({ type, alias }, field) ?? []);
  const condition = allOf([...guards, anyOf([[write.readable], [write.linkable]])]);
  keys.set(key, condition);
  return condition;
}

function scopeOf({ index, access: { rules } }: ProjectApi): RuleScope {
  const { access } = index.model;
  if (rules === null || access === null) throw new Error('No rules apply to this caller.');
  return ruleScope(createFilterContext(index), access, rules);
}

function createRules(api: ProjectApi, type: ModelType): WriteRules {
  const { access, profile } = scopeOf(api);
  const of = { type, alias };
  const permits = (operation: AccessOperation) => allOf(conditionsFor(scopeOf(api), of, operation));
  return {
    hasReading: may(access, profile, { type: type.name, operation: 'READ' }),
    readable: permits('READ'),
    creatable: permits('CREATE'),
    creatableFields: creatableFields(scopeOf(api), of),
    deletable: permits('DELETE'),
    linkable: permits('LINK'),
    pairable: pairable(scopeOf(api), of),
  };
}

function creatableFields(scope: RuleScope, row: AliasedRow): readonly FieldRule[] {
  const { access, profile } = scope;
  const type = row.type.name;
  const fields = rulesOf(access, type)?.fields ?? [];
  return fields.flatMap(({ field }): readonly FieldRule[] => {
    const allows = fieldAllows(access, profile, { type, field, operation: 'CREATE' });
    if (allows === null) return [];
    return [{ field, condition: anyOf(allows.map((rule) => conditionsOf(scope, rule, row))) }];
  });
}

/** A pair is an update of both rows that changes none of their columns. Rules for LINK permit it as well. */
function pairable(scope: RuleScope, row: AliasedRow): Sql {
  const { access, profile } = scope;
  const links = may(access, profile, { type: row.type.name, operation: 'LINK' })
    ? [conditionsFor(scope, row, 'LINK')]
    : [];
  const { permitted, alternatives, required } = createUpdate(scope, row, []);
  const both = alternatives.map((list) => anyOf(list.map(({ where, check }) => [where, check])));
  return anyOf([[permitted, ...both, required], ...links]);
}

function createUpdate(scope: RuleScope, row: AliasedRow, fields: readonly string[]): UpdateRules {
  const { access, profile } = scope;
  const type = row.type.name;
  const right = rightTo(access, profile, { type, operation: 'UPDATE' });
  if (right.kind === 'NEVER') return neverUpdated;
  const alternative = (rule: RuleConditions): UpdateAlternative => ({
    where: allOf(conditionsOf(scope, rule, row)),
    check: allOf(conditionsOf(scope, afterUpdate(rule), row)),
  });
  const ofFields = fields.map(
    (field) => fieldAllows(access, profile, { type, field, operation: 'UPDATE' }) ?? [],
  );
  return {
    permitted: allOf(conditionsFor(scope, row, 'UPDATE')),
    alternatives: [right.allows, ...ofFields].map((rules) => rules.map(alternative)),
    required: allOf(right.requires.flatMap((rule) => conditionsOf(scope, afterUpdate(rule), row))),
  };
}

const neverUpdated: UpdateRules = {
  permitted: sql`FALSE`,
  alternatives: [],
  required: sql`FALSE`,
};

/** The rule with its conditions about the row after an update. */
function afterUpdate(rule: RuleConditions): RuleConditions {
  return { ...rule, where: rule.check ?? rule.where };
}

const callerValues = new WeakMap<ProjectApi, Map<string, Sql>>();

/** The value of a field of the caller's row. Null if the caller has no row. */
export function callerValue(api: ProjectApi, field: string): Sql {
  const values = callerValues.get(api) ?? new Map<string, Sql>();
  callerValues.set(api, values);
  const value = values.get(field) ?? userColumn(scopeOf(api), field);
  values.set(field, value);
  return value;
}
