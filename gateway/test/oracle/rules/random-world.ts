import { isInKey } from '../../../src/engine/api/model-index.ts';
import type { ModelType, ValueField } from '../../../src/engine/sdl/model.ts';
import { randomData } from '../random-data.ts';
import { randomSdl } from '../random-model.ts';
import type { Row } from '../row.ts';
import type { PlainData } from '../store.ts';
import type { Tape } from '../tape.ts';
import { asText } from '../values.ts';
import { withRandomRules } from './random-schema.ts';
import { RuledModel } from './rule-trial.ts';

/** A model with rules, and its data. */
export interface RandomWorld {
  readonly sdl: string;
  readonly ruled: RuledModel;
  readonly data: PlainData;
}

export function randomWorld(ofModel: Tape, ofRules: Tape, ofData: Tape): RandomWorld {
  const { sdl, model } = withRandomRules(randomSdl(ofModel), ofRules);
  const ruled = new RuledModel(model);
  const data = randomData(ruled.serverApi.index, ofData);
  return { sdl, ruled, data: withLaterTimes(model.types, data, ofData) };
}

/** Moves some times to the future, so that `$now` is between the times. */
function withLaterTimes(types: readonly ModelType[], data: PlainData, tape: Tape): PlainData {
  const rows = types.map((type): readonly [string, readonly Row[]] => {
    const fields = type.fields.filter(
      (field) => field.kind === 'VALUE' && isPlainTime(type, field),
    );
    const later = (row: Row): Row =>
      Object.fromEntries(
        fields.flatMap(({ name }): readonly (readonly [string, string])[] => {
          const time = row[name] ?? null;
          if (time === null || !tape.oneIn(2)) return [];
          return [[name, asText(time).replace(/^\d{4}-\d\d-\d\d/, '2999-01-31')]];
        }),
      );
    return [type.name, (data.rows[type.name] ?? []).map((row) => ({ ...row, ...later(row) }))];
  });
  return { ...data, rows: Object.fromEntries(rows) };
}

/** Whether a field is a time that no key contains. */
function isPlainTime(type: ModelType, field: ValueField): boolean {
  const isUnique = type.uniques.some(({ fields }) => fields.includes(field.name));
  return (
    /^Date(?:Time)?$/.test(field.type.name) && !field.list && !isUnique && !isInKey(type, field)
  );
}
