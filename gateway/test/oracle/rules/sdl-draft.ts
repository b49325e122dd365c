import { readSdl } from '../../../src/engine/sdl/read-sdl.ts';
import type { Model } from '../../../src/engine/sdl/model.ts';

/** A type of an SDL to which directives are added. */
export interface TypeDraft {
  readonly name: string;
  /** `type Ant @model` */
  readonly head: string;
  directives: string[];
  readonly fields: FieldDraft[];
}

export interface FieldDraft {
  readonly name: string;
  readonly text: string;
  directives: string[];
}

/** An SDL as text that is not in a type, and types. */
export interface SdlDraft {
  readonly rest: string[];
  readonly types: TypeDraft[];
}

/** Reads the SDL of `randomSdl`, in which each field has a line. */
export function draftOf(sdl: string): SdlDraft {
  const draft: SdlDraft = { rest: [], types: [] };
  for (const line of sdl.split('\n')) {
    const head = /^(type (\w+) .*) \{$/.exec(line);
    const field = /^ {2}(\w+): .*$/.exec(line);
    if (head !== null) {
      draft.types.push({ name: head[2] ?? '', head: head[1] ?? '', directives: [], fields: [] });
    } else if (field !== null) {
      draft.types.at(-1)?.fields.push({ name: field[1] ?? '', text: line, directives: [] });
    } else if (line !== '' && line !== '}') draft.rest.push(line);
  }
  return draft;
}

type Line = { readonly text: string } & (
  | { readonly kind: 'DIRECTIVE'; readonly of: TypeDraft | FieldDraft }
  | { readonly kind: 'FIELD'; readonly of: FieldDraft; readonly type: TypeDraft }
  | { readonly kind: 'OTHER' }
);

function linesOf({ rest, types }: SdlDraft): readonly Line[] {
  const other = (text: string): Line => ({ kind: 'OTHER', text });
  const directives = (of: TypeDraft | FieldDraft) =>
    of.directives.map((text): Line => ({ kind: 'DIRECTIVE', text, of }));
  return [
    ...rest.map(other),
    ...types.flatMap((type) => [
      other(type.head),
      ...directives(type),
      other('{'),
      ...type.fields.flatMap((field): readonly Line[] => [
        { kind: 'FIELD', text: field.text, of: field, type },
        ...directives(field),
      ]),
      other('}'),
    ]),
  ];
}

/** A model with access rules, and its SDL. */
export interface Schema {
  readonly sdl: string;
  readonly model: Model;
}

/**
 * Reads the SDL after removing the directives that have diagnostics.
 * @throws Error if a diagnostic is not about a directive
 */
export function withoutMistakes(draft: SdlDraft): Schema {
  for (let attempts = 0; attempts < 20; attempts += 1) {
    const lines = linesOf(draft);
    const sdl = lines.map(({ text }) => text).join('\n');
    const reading = readSdl(sdl);
    if (reading.ok) return { sdl, model: reading.model };
    for (const { line, code, message } of reading.diagnostics) {
      const found = lines[line - 1];
      if (found?.kind === 'DIRECTIVE') {
        found.of.directives = found.of.directives.filter((text) => text !== found.text);
      } else if (found?.kind === 'FIELD' && code === 'UNWRITABLE_FIELD') {
        makeWritable(found.type, found.of);
      } else throw new Error(`${code} in line ${line}: ${message}\n${sdl}`);
    }
  }
  throw new Error('The SDL still has mistakes.');
}

/** Removes the directives of a field. If it has none, new rows of the type are not permitted. */
function makeWritable(type: TypeDraft, field: FieldDraft): void {
  if (field.directives.length === 0) {
    type.directives = type.directives.map((text) =>
      text.replace(/(to: \[.*?)\bCREATE\b/, '$1READ'),
    );
  }
  field.directives = [];
}
