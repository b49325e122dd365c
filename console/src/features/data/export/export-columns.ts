import type { DataType } from '#console/lib/model/data-model.ts';
import type { JsonValue } from '#console/lib/model/json.ts';

/** One value of each row in a file. */
export interface ExportColumn {
  readonly name: string;
  /** Written by people: only that can be taken for a formula. */
  readonly isText: boolean;
  /** Where it stands in a row as it is asked for. */
  readonly valueOf: (row: Readonly<Record<string, JsonValue>>) => JsonValue;
}

/** Everything that a row holds itself: its values, and the keys of its relations. */
export function exportColumnsOf(type: DataType): readonly ExportColumn[] {
  return type.fields.flatMap((field): ExportColumn[] => {
    switch (field.kind) {
      case 'VALUE':
        return [
          {
            name: field.name,
            isText: field.isList || field.type.name === 'String' || field.type.name === 'JSON',
            valueOf: (row) => row[field.name] ?? null,
          },
        ];
      case 'TO_ONE': {
        const { key } = field;
        if (key === null) return [];
        return [{ name: key, isText: false, valueOf: (row) => row[key] ?? null }];
      }
      case 'TO_MANY':
        return [];
    }
  });
}
