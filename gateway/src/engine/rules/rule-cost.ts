import { assertNever } from '../../platform/assert-never.ts';
import type { ExtraCost } from '../../graphql/document-meter.ts';
import { bindingIfAny, type Binding } from '../api/bindings.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { createFilterContext } from '../queries/selection.ts';
import type { ModelType } from '../sdl/model.ts';
import { sql } from '../sql/sql.ts';
import { visibilityFor } from './visibility.ts';

/**
 * The cost of access rules: for a field that returns rows, the number of relations in the rules of these rows, and for
 * a value with rules, the number of relations in them. The rules of a type are counted once for each API.
 */
export function ruleCostIn({ index, access: { rules: profile } }: ProjectApi): ExtraCost {
  if (profile === null) return () => 0;
  const { access } = index.model;
  const costs = new Map<string, number>();

  const relationsIn = (type: ModelType, field: string | null): number => {
    const key = `${type.name}.${field ?? ''}`;
    const known = costs.get(key);
    if (known !== undefined) return known;
    let relations = 0;
    const context = createFilterContext(index);
    const { ofRow, ofField } = visibilityFor(context, access, profile, {
      spendNode: () => undefined,
      spendRelation: () => (relations += 1),
    });
    const row = { type, alias: sql`t` };
    if (field === null) ofRow(row);
    else ofField(row, field);
    costs.set(key, relations);
    return relations;
  };

  const costOf = (binding: Binding, parent: string): number => {
    switch (binding.kind) {
      case 'FIND':
      case 'ME':
      case 'WRITE':
        return relationsIn(binding.type, null);
      case 'TO_ONE':
      case 'TO_MANY':
        return relationsIn(index.type(binding.field.target), null);
      case 'VALUE':
        return relationsIn(index.type(parent), binding.field.name);
      case 'NOTHING':
      case 'KEY':
      case 'EDGES':
      case 'NODES':
      case 'PAGE_INFO':
      case 'TOTAL_COUNT':
      case 'AGGREGATE':
      case 'NODE':
      case 'CURSOR':
      case 'HAS_NEXT':
      case 'HAS_PREVIOUS':
      case 'START_CURSOR':
      case 'END_CURSOR':
      case 'COUNT':
      case 'SUM':
      case 'AVG':
      case 'MIN':
      case 'MAX':
      case 'AGGREGATED':
      case 'BATCH_COUNT':
      case 'BATCH_NODES':
        return 0;
      default:
        return assertNever(binding);
    }
  };

  return (field, parent) => {
    const binding = bindingIfAny(field);
    return binding === null || parent === null ? 0 : costOf(binding, parent.name);
  };
}
