import { readRules } from '../rules/read-rules.ts';
import { refuseBadAccessTypes } from './access-types.ts';
import { apiNamesOf } from './api-names.ts';
import { refuseBadSources } from './backfill.ts';
import { createColumns, refuseBadReferences, type Columns } from './columns.ts';
import { createDiagnosticBag, type DiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { parseDocument } from './document.ts';
import { deprecationOf, refuseMisplaced } from './directives.ts';
import { deepFreeze } from './collections.ts';
import { readKeys } from './keys.ts';
import { defaultMaxPageSize, limits } from './limits.ts';
import type { ApiNames, EnumValue, Field, Model, ModelType, Relation } from './model.ts';
import { refuseNameCollisions, refuseRenameCollisions } from './name-collisions.ts';
import { databaseName } from './names.ts';
import { readOutline, type EnumValueDraft, type Outline, type TypeDraft } from './outline.ts';
import { readRelationField, readRelations } from './relations.ts';
import { refuseRequiredCycles } from './required-cycles.ts';
import {
  checkedBefore,
  createPatternChecks,
  type PatternChecks,
} from './pattern/pattern-checks.ts';
import { readValueField, type ValueFieldContext } from './value-fields.ts';

export type SdlReading =
  | { readonly ok: true; readonly model: Model }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads a project's SDL. Returns a frozen model, or all diagnostics in the order in which they occur in the text. Never
 * throws, even if the text is invalid.
 */
export function readSdl(text: string): SdlReading {
  return read(text, createPatternChecks(), false);
}

/**
 * Like `readSdl`, but for the SDL of an applied version. Its patterns were checked when it was planned, and its defaults
 * can have numbers that are rejected now.
 */
export function readAppliedSdl(text: string): SdlReading {
  return read(text, checkedBefore, true);
}

function read(text: string, patterns: PatternChecks, isApplied: boolean): SdlReading {
  const bag = createDiagnosticBag();
  const document = parseDocument(text, bag);
  const model =
    document === null ? null : readModel(readOutline(document, bag), { patterns, isApplied }, bag);
  const diagnostics = bag.all();
  if (model === null || diagnostics.length > 0) return { ok: false, diagnostics };
  return { ok: true, model: deepFreeze(model) };
}

function readModel(
  outline: Outline,
  checks: Pick<ValueFieldContext, 'patterns' | 'isApplied'>,
  bag: DiagnosticBag,
): Model {
  const { types, enums } = outline;
  refuseBadAccessTypes(outline, bag);
  refuseRenameCollisions(outline, bag);
  const columns = createColumns(types);
  refuseBadReferences(types, columns, bag);
  refuseBadSources(types, columns, bag);
  const relations = readRelations(types, columns, bag);
  refuseRequiredCycles(relations, types, bag);
  const context = { enums, columns, ...checks };
  const fields = new Map(
    types.map((type) => [type.name, readFields(type, context, relations, bag)]),
  );
  const names = new Map(types.map((type) => [type.name, readNames(type)]));
  refuseNameCollisions(outline, names, fields, bag);
  const base = {
    types: types.map((type) => readType(type, fields.get(type.name) ?? [], bag)),
    enums: [...enums.values()].map(({ name, node, values }) => ({
      name,
      description: node.description?.value ?? null,
      values: values.map(readEnumValue),
    })),
    relations,
  };
  // Rules refer to fields and keys, so they are checked when all of these are valid.
  return { ...base, access: bag.isEmpty() ? readRules(outline, base, bag) : null };
}

function readEnumValue({ name, node, directives }: EnumValueDraft): EnumValue {
  return {
    name,
    description: node.description?.value ?? null,
    deprecationReason: deprecationOf(directives),
    renamedFrom: directives.first('rename')?.value('from') ?? null,
  };
}

function readNames(type: TypeDraft): ApiNames {
  return apiNamesOf(type.name, type.directives.first('model')?.value('plural') ?? null);
}

function readType(type: TypeDraft, fields: readonly Field[], bag: DiagnosticBag): ModelType {
  return {
    name: type.name,
    description: type.node.description?.value ?? null,
    deprecationReason: deprecationOf(type.directives),
    table: databaseName(type.name),
    names: readNames(type),
    maxPageSize: readMaxPageSize(type, bag),
    renamedFrom: type.directives.first('rename')?.value('from') ?? null,
    fields,
    ...readKeys(type, fields, bag),
  };
}

/** Returns the valid fields. The diagnostics of the others are in the bag. */
function readFields(
  type: TypeDraft,
  context: ValueFieldContext & { readonly columns: Columns },
  relations: readonly Relation[],
  bag: DiagnosticBag,
): readonly Field[] {
  const byField = new Map(
    relations.flatMap((relation) => {
      const [first, second] =
        relation.kind === 'FOREIGN_KEY'
          ? [relation.owningSide, relation.inverseSide]
          : relation.sides;
      return [first, second]
        .filter((side) => side.type === type.name)
        .map((side) => [side.field, { relation, isOwningSide: side === first }] as const);
    }),
  );
  return type.fields.flatMap((draft) => {
    if (draft.type === null) return [];
    if (draft.type.kind !== 'MODEL') {
      const column = context.columns.named(type.name, draft.name);
      return readValueField({ draft, type: draft.type, column }, context, bag);
    }
    refuseMisplaced(draft.directives, 'VALUES', 'the field is a relation', bag);
    const found = byField.get(draft.name);
    if (found === undefined) return [];
    return readRelationField(draft, draft.type, found, bag);
  });
}

function readMaxPageSize(type: TypeDraft, bag: DiagnosticBag): number {
  const use = type.directives.first('model');
  const size = use?.value('maxPageSize') ?? null;
  if (use === undefined || size === null) return defaultMaxPageSize;
  if (size < 1 || size > limits.pageSize) {
    const expected = `a whole number from 1 to ${limits.pageSize}`;
    bag.report(use.at('maxPageSize'), 'BAD_ARGUMENT', 'model', 'maxPageSize', expected);
  }
  return size;
}
