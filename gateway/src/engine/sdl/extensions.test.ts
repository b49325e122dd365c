import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { readSdl } from './read-sdl.ts';

it('adds the members of an extension to its definition, wherever the extension is', () => {
  const extended = readModel(`
    extend enum Status { DONE }
    extend type Task @index(fields: ["title"]) { done: Boolean! @default(value: false) }
    type Task { id: ID! @id title: String! }
    extend type Task @model(plural: "todo") { status: Status }
    enum Status { OPEN }
  `);
  const whole = readModel(`
    type Task @index(fields: ["title"]) @model(plural: "todo") {
      id: ID! @id title: String! done: Boolean! @default(value: false) status: Status
    }
    enum Status { OPEN DONE }
  `);
  expect(extended).toEqual(whole);
});

it('reports a mistake at its place in the extension', () => {
  const reading = readSdl('type A @model { id: ID! @id }\nextend type A {\n  b: Strng\n}');
  expect(reading.ok ? [] : reading.diagnostics).toMatchObject([
    { code: 'UNKNOWN_TYPE', line: 3, column: 6 },
  ]);
});

it('suggests the definition that an extension could mean', () => {
  const hint = (sdl: string) => {
    const reading = readSdl(sdl);
    return reading.ok ? [] : reading.diagnostics.map((diagnostic) => diagnostic.hint);
  };
  expect(hint('extend type A { b: Int }')).toEqual([
    'Define it, or correct its name: `type A @model { … }`.',
  ]);
  expect(hint('enum E { X } extend type E { b: Int }')).toEqual([
    'Write `extend enum E`, because E is an enum.',
  ]);
});
