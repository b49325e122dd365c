import { code, listed } from '../../rules/condition-phrase.ts';
import { rulesOf } from '../../rules/rights.ts';
import type { FilterNode, FilterObject, RuleConditions } from '../../sdl/access-model.ts';
import type { Model, ModelType, ValueField } from '../../sdl/model.ts';
import type { IssuerReferences } from '../../sdl/user-field-diagnostics.ts';

/**
 * Advice that a plan gives about the access rules of the next model. It is not a hazard.
 * - `CLAIM`: trusted issuers map a claim that is removed.
 * - `INDEX`: rules filter by a column without an index.
 * - `CASCADE`: deleting a row also deletes rows of a type with rules, which the rules do not decide.
 */
export interface PlanNote {
  readonly kind: 'CLAIM' | 'INDEX' | 'CASCADE';
  /** The type or the claim that the note is about. */
  readonly target: string;
  readonly summary: string;
  /** What to add to `target` in the SDL. Null if there is nothing to add. */
  readonly directive: string | null;
}

const maxNotes = 50;

/** The notes about the next model that are not true for the current one. */
export function planNotes(
  { current, next }: { readonly current: Model; readonly next: Model },
  issuers: readonly IssuerReferences[],
): readonly PlanNote[] {
  const known = new Set(notesOf(current).map(keyOf));
  const changed = notesOf(next).filter((note) => !known.has(keyOf(note)));
  return [...claimNotes(current, next, issuers), ...changed].slice(0, maxNotes);
}

function keyOf({ summary }: PlanNote): string {
  return summary;
}

function notesOf(model: Model): readonly PlanNote[] {
  return model.access === null ? [] : [...indexNotes(model), ...cascadeNotes(model)];
}

/** Claims of the current model that the next one lacks, although trusted issuers map them. */
function claimNotes(
  current: Model,
  next: Model,
  issuers: readonly IssuerReferences[],
): readonly PlanNote[] {
  const kept = new Set(claimsOf(next));
  const removed = claimsOf(current).filter((name) => !kept.has(name));
  return removed.flatMap((name): readonly PlanNote[] => {
    const mapping = issuers.filter(({ claims }) => claims.some((claim) => claim.name === name));
    if (mapping.length === 0) return [];
    const texts = mapping.map(({ issuer }) => code(issuer));
    const [subject, verb] = texts.length === 1 ? ['issuer', 'maps'] : ['issuers', 'map'];
    return [
      {
        kind: 'CLAIM',
        target: name,
        summary: `The trusted ${subject} ${listed(texts, 'and')} ${verb} the claim ${code(name)}, which this schema no longer has. Remove the mapping in the settings of the project. Until then, other changes of the trusted issuers are rejected.`,
        directive: null,
      },
    ];
  });
}

const claimsOf = ({ access }: Model): readonly string[] =>
  access?.claims.map(({ name }) => name) ?? [];

function indexNotes(model: Model): readonly PlanNote[] {
  const found = new Map<string, PlanNote>();
  const note = (type: ModelType, { name }: ValueField) => {
    const directive = `@index(fields: ["${name}"])`;
    found.set(`${type.name}.${name}`, {
      kind: 'INDEX',
      target: type.name,
      summary: `Access rules look for rows of ${code(type.name)} by ${code(name)}, which has no index. Add ${code(directive)} to ${code(type.name)}.`,
      directive,
    });
  };
  const typeNamed = new Map(model.types.map((type) => [type.name, type]));
  const visit = (type: ModelType, { fields }: FilterObject): void => {
    for (const [name, node] of fields) {
      if (name === 'not') continue;
      if (node.kind === 'LIST') {
        for (const item of node.items) if (item.kind === 'OBJECT') visit(type, item);
      }
      if (node.kind !== 'OBJECT') continue;
      const field = type.fields.find((each) => each.name === name);
      if (field?.kind === 'VALUE' && !field.list && looksUp(node) && !isIndexed(type, field)) {
        note(type, field);
      }
      const target =
        field === undefined || field.kind === 'VALUE' ? undefined : typeNamed.get(field.target);
      if (target === undefined) continue;
      if (field?.kind === 'TO_ONE') visit(target, node);
      const some = node.fields.find(([quantifier]) => quantifier === 'some')?.[1];
      if (field?.kind === 'TO_MANY' && some?.kind === 'OBJECT') visit(target, some);
    }
  };
  for (const { type: name, allows, requires, fields } of model.access?.types ?? []) {
    const type = typeNamed.get(name);
    const rules: readonly RuleConditions[] = [
      ...allows,
      ...requires,
      ...fields.flatMap((field) => field.allows),
    ];
    for (const { where } of rules) if (type !== undefined && where !== null) visit(type, where);
  }
  return [...found.values()];
}

/** Whether operators compare a column with a value of the caller, which few rows have. */
function looksUp({ fields }: FilterObject): boolean {
  return fields.some(
    ([operator, node]) => (operator === 'eq' || operator === 'in') && isOfCaller(node),
  );
}

function isOfCaller(node: FilterNode): boolean {
  return (
    node.kind === 'REFERENCE' && (node.reference.of === 'USER' || node.reference.of === 'CLAIM')
  );
}

/** Whether an index begins with the column. */
function isIndexed({ key, uniques, indexes }: ModelType, { column }: ValueField): boolean {
  return [key, ...uniques, ...indexes].some(({ columns: [first] }) => first === column);
}

function cascadeNotes(model: Model): readonly PlanNote[] {
  const deletable = model.types.filter(({ name }) =>
    rulesOf(model.access, name)?.allows.some(({ to }) => to.includes('DELETE')),
  );
  return deletable.flatMap(({ name }) =>
    [...reachedFrom(model, name)].flatMap(([reached, through]): readonly PlanNote[] => {
      const rules = rulesOf(model.access, reached);
      if (reached === name || rules === null || rules.allows.length + rules.requires.length === 0) {
        return [];
      }
      const via = through === name ? '' : `, through ${code(through)}`;
      return [
        {
          kind: 'CASCADE',
          target: reached,
          summary: `Deleting a row of ${code(name)} also deletes its rows of ${code(reached)}${via}. The access rules of ${code(reached)} do not decide about this.`,
          directive: null,
        },
      ];
    }),
  );
}

/** The types whose rows are deleted with a row, and the type whose rows they refer to. */
function reachedFrom({ relations }: Model, name: string): ReadonlyMap<string, string> {
  const reached = new Map<string, string>();
  const open = [name];
  for (let type = open.shift(); type !== undefined; type = open.shift()) {
    for (const relation of relations) {
      if (relation.kind !== 'FOREIGN_KEY' || relation.onDelete !== 'CASCADE') continue;
      const { owningSide, inverseSide } = relation;
      if (inverseSide.type !== type || reached.has(owningSide.type)) continue;
      reached.set(owningSide.type, type);
      open.push(owningSide.type);
    }
  }
  return reached;
}
