import { assertNever } from '../../platform/assert-never.ts';
import { ByteList, bytesOf, textOfBytes, type Bytes } from '../../platform/bytes.ts';
import type { ApiAccess } from '../api/access.ts';
import { columnsOfType } from '../api/model-index.ts';
import { mayReadField } from '../api/permissions.ts';
import { selectFields, type BoundField, type CompileContext } from '../queries/selection.ts';
import type { ChangeEvent } from './plan.ts';

/** Returns a function that writes the JSON for `data` of an event, with the selected fields in their order. */
export function eventWriter(
  context: CompileContext,
  field: Extract<BoundField<'SUBSCRIPTION'>, { kind: 'CHANGES' }>,
  access: Pick<ApiAccess, 'rules'>,
): (event: ChangeEvent) => ByteList {
  const fields = selectFields(context, 'CHANGE', field);
  const names = readableNames(context, field, access);
  const start = `{${JSON.stringify(field.responseKey)}:{`;
  return (event) => {
    const data = ByteList.of(start);
    let column = 0;
    fields.forEach((each, index) => {
      const comma = index === 0 ? '' : ',';
      data.add(bytesOf(`${comma}${JSON.stringify(each.responseKey)}:`));
      switch (each.kind) {
        case 'TYPENAME':
          return data.add(jsonOf(each.typeName));
        case 'CHANGE_CURSOR':
          return data.add(jsonOf(event.cursor));
        case 'CHANGE_OPERATION':
          return data.add(jsonOf(event.operation));
        case 'CHANGE_AT':
          return data.add(jsonOf(event.at.toISOString()));
        case 'CHANGED_FIELDS':
          return data.add(jsonOf(changedNames(event, names)));
        case 'CHANGE_KEY':
        case 'CHANGE_NODE':
          // The first column is the list of hidden columns.
          column += 1;
          return data.add(event.row?.[column] ?? nullJson);
        default:
          return assertNever(each);
      }
    });
    return data.add(end);
  };
}

const nullJson = bytesOf('null');
const end = bytesOf('}}');

function jsonOf(value: string | readonly string[]): Bytes {
  return bytesOf(JSON.stringify(value));
}

/** The names of the columns in the API. Fields that the caller cannot read are left out. */
function readableNames(
  { index }: CompileContext,
  { type }: BoundField<'SUBSCRIPTION'>,
  { rules }: Pick<ApiAccess, 'rules'>,
): ReadonlyMap<string, string> {
  const access = {
    index,
    access: { read: 'ALL', write: 'ALL', introspect: false, rules },
  } as const;
  return new Map(
    columnsOfType(type).flatMap(({ column, name, field }) =>
      mayReadField(access, type.name, field.name) ? [[column, name]] : [],
    ),
  );
}

function changedNames(
  { operation, changed, row }: ChangeEvent,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  // Which fields the subscriber may know of is decided by the row that it sees.
  if (operation === 'DELETED' || operation === 'RESET') return [];
  const hidden = row?.[0] ?? null;
  // `hiddenColumns` makes this list.
  const isHidden = hidden === null ? [] : (JSON.parse(textOfBytes(hidden)) as readonly string[]);
  return changed.flatMap((column) => {
    const name = names.get(column);
    return name === undefined || isHidden.includes(column) ? [] : [name];
  });
}
