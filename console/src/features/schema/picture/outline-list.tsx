import type { OutlineField, OutlineRelation, SdlOutline } from '#console/lib/sdl/outline.ts';

import type { Go, OpenRules } from './picture-layout.ts';

interface OutlineListProps {
  readonly outline: SdlOutline;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

/** The diagram's content as text. */
export function OutlineList({ outline, onGo, onRules }: OutlineListProps) {
  const { types, enums, relations } = outline;
  const link =
    'cursor-pointer rounded-sm font-mono font-semibold text-accent underline-offset-2 hover:underline touch:min-h-11';
  const rulesLink =
    'cursor-pointer rounded-sm text-accent underline-offset-2 hover:underline touch:min-h-11';
  return (
    <div className="space-y-4 px-4 pt-2 pb-4 text-[0.8125rem]">
      <ul aria-label="Types and enums" className="space-y-1.5">
        {types.map(({ name, line, fields }) => (
          <li key={name}>
            <button type="button" className={link} onClick={() => onGo(line)}>
              {name}
            </button>{' '}
            <span className="wrap-anywhere text-quiet">
              {fields.map((field) => `${field.name}: ${field.written}`).join(', ')}
              {keyText(fields)}
            </span>{' '}
            <button type="button" className={rulesLink} onClick={() => onRules(name)}>
              Access rules<span className="sr-only"> of {name}</span>
            </button>
          </li>
        ))}
        {enums.map(({ name, line, values }) => (
          <li key={name}>
            <button type="button" className={link} onClick={() => onGo(line)}>
              {name}
            </button>{' '}
            <span className="wrap-anywhere text-quiet">one of {values.join(', ')}</span>
          </li>
        ))}
      </ul>
      {relations.length > 0 && (
        <ul aria-label="Relations" className="list-disc space-y-1 pl-4 text-quiet">
          {relations.map((relation) => (
            <li key={`${relation.to.type}.${relation.to.field}`}>{sentence(relation)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The primary key, if it has several fields. */
function keyText(fields: readonly OutlineField[]): string {
  const key = fields.filter(({ role }) => role === 'ID').map(({ name }) => name);
  return key.length > 1 ? ` (primary key: ${key.join(', ')})` : '';
}

function sentence(relation: OutlineRelation): string {
  const { kind, from, to } = relation;
  const sides = [
    ...(from.field === null ? [] : [`${from.type}.${from.field}`]),
    `${to.type}.${to.field}`,
  ];
  const fields = `(${sides.join(', ')})`;
  switch (kind) {
    case 'MANY_TO_MANY':
      return `${from.type} and ${to.type} have a many-to-many relation ${fields}.`;
    case 'ONE_TO_ONE':
      return `One ${from.type} row has one ${to.type} row ${fields}. ${onDeleteText(relation)}`;
    case 'ONE_TO_MANY':
      return `One ${from.type} row has many ${to.type} rows ${fields}. ${onDeleteText(relation)}`;
  }
}

function onDeleteText({ from, to, onDelete }: OutlineRelation): string {
  const deleting = `Deleting ${from.type} rows`;
  if (onDelete === 'CASCADE') return `${deleting} also deletes their ${to.type} rows.`;
  if (onDelete === 'SET_NULL') return `${deleting} sets ${to.type}.${to.field} to null.`;
  return `${from.type} rows can’t be deleted while ${to.type} rows reference them.`;
}
