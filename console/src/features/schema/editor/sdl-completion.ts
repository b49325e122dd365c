import {
  snippetCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { hoverTooltip, type Tooltip } from '@codemirror/view';

import { cursorContext, type CursorContext } from '#console/lib/sdl/cursor-context.ts';
import { directiveHelp, findDirective, helpAt, type Help } from '#console/lib/sdl/help.ts';
import { looseNames, type LooseNames } from '#console/lib/sdl/loose-names.ts';
import {
  directivesAt,
  scalars,
  type PreludeArgument,
  type PreludeDirective,
} from '#console/lib/sdl/prelude.ts';
import { hasDirective } from '#console/lib/sdl/rule-columns.ts';
import {
  constantsOf,
  filterConstants,
  filterKeys,
  filterReferences,
  isObjectExpected,
  presetReferences,
  type FilterKey,
  type FilterWord,
} from '#console/lib/sdl/rule-filter.ts';

export const completeSdl = (context: CompletionContext) => completeAfter('', context);

/** Completes the text of an editor that contains only a part of an SDL. @param before the SDL before the text */
export function completeAfter(before: string, context: CompletionContext): CompletionResult | null {
  const text = before + context.state.doc.toString();
  const asked = cursorContext(text, before.length + context.pos);
  if (asked === null) return null;
  // Between definitions, do not open the list until the user types something.
  if (asked.kind === 'DEFINITION' && asked.typed === '' && !context.explicit) return null;
  const options = [...optionsFor(asked, text)];
  return options.length === 0
    ? null
    : { from: asked.from - before.length, options, validFor: /^[$\w.]*$/ };
}

/** Whether the list opens again after a completion, because the next name or value of a filter follows. */
export const continuesFilter = ({ type }: Completion): boolean => type === filterKeyType;

const filterKeyType = 'filter-key';

function optionsFor(asked: CursorContext, text: string): readonly Completion[] {
  switch (asked.kind) {
    case 'DEFINITION':
      return definitions;
    case 'TYPE_DIRECTIVE':
      return directivesAt('type').map(directiveOption);
    case 'FIELD_DIRECTIVE':
      return directivesAt('field').map(directiveOption);
    case 'FIELD_TYPE':
      return typeOptions(text);
    case 'ARGUMENT':
      return (findDirective(asked.directive, asked.place)?.arguments ?? [])
        .filter(({ name }) => !asked.given.includes(name) || name === asked.typed)
        .map(argumentOption);
    case 'ARGUMENT_VALUE':
      return valuesFor(asked, text);
    case 'FIELD_NAME': {
      const type = looseNames(text).types.find(({ name }) => name === asked.type);
      return (type?.fields ?? []).map(({ name }) => ({ label: name, type: 'property' }));
    }
    case 'FILTER_KEY':
      return filterKeys(looseNames(text), asked.place)
        .filter(({ name }) => !asked.given.includes(name) || name === asked.typed)
        .map(filterKeyOption);
    case 'FILTER_VALUE':
      return filterValues(asked, looseNames(text));
    case 'FILTER_REFERENCE':
      return filterReferences(looseNames(text), asked.place).map(referenceOption);
    case 'PRESET_REFERENCE':
      return presetReferences(looseNames(text), asked.type, asked.field).map(referenceOption);
  }
}

const definitions: readonly Completion[] = [
  snippetCompletion('type ${Name} @model {\n  id: ID! @id\n  ${}\n}', {
    label: 'type',
    type: 'keyword',
    detail: 'a model: a table and its API',
  }),
  snippetCompletion('enum ${Name} {\n  ${VALUE}\n}', {
    label: 'enum',
    type: 'keyword',
    detail: 'a fixed list of values',
  }),
];

/** Snippets for directives that need an argument. They place the cursor where the argument's value belongs. */
const templates: Readonly<Record<string, string>> = {
  'id type': 'id(fields: ["${}"])',
  'unique type': 'unique(fields: ["${}"])',
  'index type': 'index(fields: ["${}"])',
  'rename type': 'rename(from: "${}")',
  'rename field': 'rename(from: "${}")',
  'default field': 'default(value: ${})',
  'constraint field': 'constraint(${})',
  'allow type': 'allow(to: [${}])',
  'allow field': 'allow(to: [${}])',
  'require type': 'require(to: [${}])',
  'preset field': 'preset(value: ${})',
};

function directiveOption(directive: PreludeDirective): Completion {
  const { name, place } = directive;
  const option = { label: name, type: 'function', info: () => draw(directiveHelp(directive)) };
  const template = templates[`${name} ${place}`];
  return template === undefined ? option : snippetCompletion(template, option);
}

function typeOptions(text: string): readonly Completion[] {
  const { types, enums } = looseNames(text);
  const models = types.filter((type) => !hasDirective(type, 'claims'));
  return [
    ...models.map(({ name }) => ({ label: name, type: 'class', detail: 'model', boost: 2 })),
    ...enums.map(({ name }) => ({ label: name, type: 'enum', detail: 'enum', boost: 1 })),
    ...scalars.map(({ name, about }) => ({ label: name, type: 'type', info: about })),
  ];
}

function argumentOption({ name, type, about }: PreludeArgument): Completion {
  return { label: name, type: 'property', apply: `${name}: `, detail: type, info: about };
}

function valuesFor(
  asked: Extract<CursorContext, { kind: 'ARGUMENT_VALUE' }>,
  text: string,
): readonly Completion[] {
  const { directive, place, argument, fieldType, type, field } = asked;
  if (directive === 'default' || (directive === 'preset' && argument === 'value')) {
    const names = looseNames(text);
    const references = directive === 'preset' ? presetReferences(names, type, field) : [];
    return [
      ...constantsOf(names, fieldType ?? '').map(constantOption),
      ...references.map(quotedOption),
    ];
  }
  const known = findDirective(directive, place)?.arguments.find(({ name }) => name === argument);
  return (known?.values ?? []).map((label) => {
    const info = known?.meanings?.[label];
    return { label, type: 'enum', ...(info !== undefined && { info }) };
  });
}

const constantOption = (label: string): Completion => ({ label, type: 'enum' });

function filterKeyOption({ name, detail, about, value }: FilterKey): Completion {
  const option = { label: name, type: filterKeyType, detail, info: about };
  switch (value) {
    case 'OBJECT':
      return snippetCompletion(`${name}: { \${} }`, option);
    case 'OBJECTS':
      return snippetCompletion(`${name}: [{ \${} }]`, option);
    case 'OPERAND':
      return { ...option, apply: `${name}: ` };
  }
}

function filterValues(
  { place, isInList }: Extract<CursorContext, { kind: 'FILTER_VALUE' }>,
  names: LooseNames,
): readonly Completion[] {
  if (isObjectExpected(names, place)) {
    return [snippetCompletion('{ ${} }', { label: '{ … }', type: filterKeyType })];
  }
  return [
    ...filterConstants(names, place).map(constantOption),
    // A list cannot contain references.
    ...(isInList ? [] : filterReferences(names, place).map(quotedOption)),
  ];
}

const referenceOption = ({ name, detail, about }: FilterWord): Completion => ({
  label: name,
  type: 'property',
  detail,
  info: about,
});

const quotedOption = (word: FilterWord): Completion => ({
  ...referenceOption(word),
  label: `"${word.name}"`,
});

/** A tooltip with help for the name under the pointer. */
export const sdlHover = hoverTooltip((view, position): Tooltip | null => {
  const word = view.state.wordAt(position);
  if (word === null) return null;
  const help = helpAt(view.state.doc.toString(), word.to);
  if (help === null) return null;
  return { pos: help.from, end: word.to, above: true, create: () => ({ dom: draw(help) }) };
});

function draw({ title, about, example }: Help): HTMLElement {
  const box = document.createElement('div');
  box.className = 'cm-sdl-help';
  box.append(element('code', title), element('p', about));
  if (example !== null) box.append(element('code', example));
  return box;
}

function element(name: 'code' | 'p', text: string): HTMLElement {
  const created = document.createElement(name);
  created.textContent = text;
  return created;
}
