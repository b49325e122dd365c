import { expect, it } from 'vitest';

import { readSdl } from '../../../../gateway/src/engine/schema.ts';
import { directivesAt, scalars } from './prelude.ts';

it('lists the same directives, arguments, scalars and values as the engine', () => {
  const hints = (sdl: string): string => {
    const reading = readSdl(sdl);
    if (reading.ok) throw new Error('Expected an invalid SDL.');
    return reading.diagnostics.map(({ message, hint }) => `${message} ${hint}`).join('\n');
  };
  const listed = (text: string, pattern: RegExp): readonly string[] =>
    [...new Set((pattern.exec(text)?.[1] ?? '').split(/,? /))].sort();

  const scalarHint = hints('type A @model { id: ID! @id x: Nothing }');
  expect(listed(scalarHint, /use a scalar: (.*)\./)).toEqual(
    scalars.map(({ name }) => name).sort(),
  );
  for (const place of ['type', 'field'] as const) {
    const use = (directive: string) =>
      place === 'type'
        ? `type A @model ${directive} { id: ID! @id }`
        : `type A @model { id: ID! @id x: String ${directive} }`;
    expect(listed(hints(use('@nothing')), /Directives allowed here: (.*)\./)).toEqual(
      directivesAt(place)
        .map(({ name }) => `@${name}`)
        .sort(),
    );
    for (const directive of directivesAt(place)) {
      const { name, repeatable, arguments: known } = directive;
      const wrong = hints(
        place === 'type' && name === 'model'
          ? 'type A @model(nothing: 1) { id: ID! @id }'
          : use(`@${name}(nothing: 1)`),
      );
      const names = listed(wrong, /argument nothing of .*\. Arguments of @\w+: (.*)\./);
      expect(names.filter((each) => each !== 'none')).toEqual(
        known.map((each) => each.name).sort(),
      );
      for (const argument of known) {
        const isRequired = argument.type.endsWith('!');
        expect(wrong.includes(`requires the argument ${argument.name}`)).toBe(isRequired);
        if (argument.values === undefined) continue;
        const bad = hints(use(`@${name}(${argument.name}: NOTHING)`));
        expect(listed(bad, /Use (?:one|a list) of ([A-Z_, ]+)\./)).toEqual(
          [...argument.values].sort(),
        );
      }
      const twice = hints(use(`@${name}(nothing: 1) @${name}(nothing: 1)`));
      expect(twice.includes('is used more than once here')).toBe(repeatable !== true);
    }
  }
});
