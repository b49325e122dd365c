import { cursorContext, type DirectivePlace } from './cursor-context.ts';
import { looseNames } from './loose-names.ts';
import { directivesAt, scalars, type PreludeDirective } from './prelude.ts';
import {
  filterKeys,
  filterReferences,
  presetReferences,
  referenceAbouts,
  type FilterWord,
} from './rule-filter.ts';

/** A short explanation of a name in SDL text. */
export interface Help {
  /** The declaration: `@constraint(minLength: Int, …)`. */
  readonly title: string;
  readonly about: string;
  readonly example: string | null;
}

/**
 * Returns help for the name at a position in SDL text; null if there is none.
 *
 * @param end the position after the last letter of the name
 */
export function helpAt(text: string, end: number): (Help & { readonly from: number }) | null {
  const asked = cursorContext(text, end);
  if (asked === null || asked.typed === '') return null;
  const help = helpFor(asked, text);
  return help === null ? null : { ...help, from: asked.from };
}

function helpFor(asked: NonNullable<ReturnType<typeof cursorContext>>, text: string): Help | null {
  switch (asked.kind) {
    case 'TYPE_DIRECTIVE':
    case 'FIELD_DIRECTIVE': {
      const place = asked.kind === 'TYPE_DIRECTIVE' ? 'type' : 'field';
      const directive = findDirective(asked.typed, place);
      return directive === undefined ? null : directiveHelp(directive);
    }
    case 'ARGUMENT':
    case 'ARGUMENT_VALUE': {
      const name = asked.kind === 'ARGUMENT' ? asked.typed : asked.argument;
      const known = findDirective(asked.directive, asked.place)?.arguments;
      const argument = known?.find((each) => each.name === name);
      if (argument === undefined) return null;
      const about = asked.kind === 'ARGUMENT_VALUE' && argument.meanings?.[asked.typed];
      if (about) return { title: asked.typed, about, example: null };
      return { title: `${argument.name}: ${argument.type}`, about: argument.about, example: null };
    }
    case 'FIELD_TYPE':
      return typeHelp(asked.typed, text);
    case 'FILTER_KEY':
      return wordHelp(filterKeys(looseNames(text), asked.place), asked.typed);
    case 'FILTER_REFERENCE':
      return referenceHelp(filterReferences(looseNames(text), asked.place), asked.typed);
    case 'PRESET_REFERENCE': {
      const words = presetReferences(looseNames(text), asked.type, asked.field);
      return referenceHelp(words, asked.typed);
    }
    case 'DEFINITION':
    case 'FIELD_NAME':
    case 'FILTER_VALUE':
      return null;
  }
}

function wordHelp(words: readonly FilterWord[], typed: string): Help | null {
  const word = words.find(({ name }) => name === typed);
  return word === undefined
    ? null
    : { title: `${word.name}: ${word.detail}`, about: word.about, example: null };
}

/** Help for a complete reference, or for its first name. */
function referenceHelp(words: readonly FilterWord[], typed: string): Help | null {
  const start = /^\$(user|claims|row)(?:\.|$)/.exec(typed)?.[1] as
    'user' | 'claims' | 'row' | undefined;
  const known = wordHelp(words, typed);
  if (known !== null || start === undefined) return known;
  return { title: `$${start}`, about: referenceAbouts[start], example: null };
}

export const findDirective = (name: string, place: DirectivePlace) =>
  directivesAt(place).find((directive) => directive.name === name);

export function directiveHelp(directive: PreludeDirective): Help {
  const { name, about, example } = directive;
  const given = directive.arguments.map((argument) => `${argument.name}: ${argument.type}`);
  const title = given.length === 0 ? `@${name}` : `@${name}(${given.join(', ')})`;
  return { title, about, example };
}

function typeHelp(name: string, text: string): Help | null {
  const scalar = scalars.find((each) => each.name === name);
  if (scalar !== undefined) return { title: `scalar ${name}`, about: scalar.about, example: null };
  const { types, enums } = looseNames(text);
  const found = enums.find((each) => each.name === name);
  if (found !== undefined) {
    return { title: `enum ${name}`, about: `Values: ${found.values.join(', ')}.`, example: null };
  }
  const type = types.find((each) => each.name === name);
  if (type === undefined) return null;
  const fields = type.fields.map((field) => field.name);
  return { title: `type ${name}`, about: `Fields: ${fields.join(', ')}.`, example: null };
}
