import { cursorContext, type DirectivePlace } from './cursor-context.ts';
import { looseNames } from './loose-names.ts';
import { directivesAt, scalars, type PreludeDirective } from './prelude.ts';

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
      return { title: `${argument.name}: ${argument.type}`, about: argument.about, example: null };
    }
    case 'FIELD_TYPE':
      return typeHelp(asked.typed, text);
    case 'DEFINITION':
    case 'FIELD_NAME':
      return null;
  }
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
  return { title: `type ${name}`, about: `Fields: ${type.fields.join(', ')}.`, example: null };
}
