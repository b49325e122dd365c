import { Circle, CircleDot, CircleSlash2 } from 'lucide-react';
import { useState } from 'react';

import { accessOperations, audiences, type Audience } from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { cn } from '#console/ui/cn.ts';

import type { Go, OpenRules } from '../picture/picture-layout.ts';
import type { AccessRule, EffectiveRight, ModelAccess, ProjectAccess } from './access.queries.ts';
import { Sentence } from './sentence.tsx';

interface RightsTableProps {
  readonly access: ProjectAccess;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

/** Who can do what with the rows of each model. A cell shows the rules that decide. */
export function RightsTable({ access, onGo, onRules }: RightsTableProps) {
  return (
    <div className="@container overflow-x-auto">
      <p className="px-4 pt-3.5 pb-2 text-quiet">
        What apps can do with a publishable key. Choose a cell to see the rules that decide.
      </p>
      <table className="w-full text-left text-[0.8125rem]">
        <caption className="sr-only">Rights by model, audience and operation</caption>
        <thead>
          <tr className="border-b border-line text-quiet">
            <th scope="col" className="py-1.5 pr-1 pl-4 font-medium">
              Caller
            </th>
            {accessOperations.map((operation) => (
              <th
                key={operation}
                scope="col"
                className="px-0.5 py-1.5 text-[0.625rem] font-medium @sm:px-1 @sm:text-[0.8125rem]"
              >
                {operation}
              </th>
            ))}
          </tr>
        </thead>
        {access.models.map((model) => (
          <ModelRows key={model.model} model={model} onGo={onGo} onRules={onRules} />
        ))}
      </table>
    </div>
  );
}

const callerNames: Readonly<Record<Audience, string>> = {
  PUBLIC: 'Everyone',
  GUEST: 'Guests',
  USER: 'Users',
};

const extents = {
  ALL: { label: 'All', icon: CircleDot, className: 'text-success' },
  SOME: { label: 'Some', icon: Circle, className: 'text-info' },
  NONE: { label: 'None', icon: CircleSlash2, className: 'text-quiet' },
} as const;

interface ModelRowsProps extends Omit<RightsTableProps, 'access'> {
  readonly model: ModelAccess;
}

function ModelRows({ model, onGo, onRules }: ModelRowsProps) {
  const [chosen, setChosen] = useState<EffectiveRight | null>(null);
  const current =
    chosen === null ? null : (model.rights.find((right) => isSameCell(right, chosen)) ?? null);
  return (
    <tbody className="border-b border-line">
      <tr>
        <th
          scope="rowgroup"
          colSpan={accessOperations.length + 1}
          className="pt-2.5 pr-2 pb-1 pl-4 font-normal"
        >
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <button
              type="button"
              onClick={() => onGo(model.line)}
              className="cursor-pointer rounded-sm font-mono text-sm font-semibold text-accent underline-offset-2 hover:underline touch:min-h-11"
            >
              {model.model}
            </button>
            <Button size="sm" variant="ghost" onClick={() => onRules(model.model)}>
              Rules<span className="sr-only"> of {model.model}</span>
            </Button>
          </span>
        </th>
      </tr>
      {audiences.map((audience) => (
        <tr key={audience}>
          <th scope="row" className="py-0.5 pr-1 pl-4 font-normal text-quiet">
            {callerNames[audience]}
          </th>
          {accessOperations.map((operation) => {
            const right = model.rights.find((each) => isSameCell(each, { operation, audience }));
            return (
              <td key={operation} className="px-0.5 py-0.5">
                {right !== undefined && (
                  <Cell
                    right={right}
                    isChosen={current === right}
                    onChoose={() => setChosen(current === right ? null : right)}
                  />
                )}
              </td>
            );
          })}
        </tr>
      ))}
      <tr>
        <td colSpan={accessOperations.length + 1} className="px-4 pt-1 pb-3">
          {current !== null && <Deciding right={current} model={model.model} onGo={onGo} />}
          <Fields model={model} onGo={onGo} />
        </td>
      </tr>
    </tbody>
  );
}

const isSameCell = (
  one: Pick<EffectiveRight, 'operation' | 'audience'>,
  other: Pick<EffectiveRight, 'operation' | 'audience'>,
): boolean => one.operation === other.operation && one.audience === other.audience;

interface CellProps {
  readonly right: EffectiveRight;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Cell({ right, isChosen, onChoose }: CellProps) {
  const { label, icon: Mark, className } = extents[right.extent];
  return (
    <button
      type="button"
      aria-expanded={isChosen}
      onClick={onChoose}
      className={cn(
        'flex cursor-pointer flex-col gap-x-1 rounded-md border px-1 py-1 hover:border-line-strong @sm:flex-row @sm:items-center touch:min-h-11',
        isChosen ? 'border-accent bg-accent-soft/40' : 'border-transparent',
      )}
    >
      <Mark aria-hidden="true" className={cn('size-3.5 shrink-0', className)} />
      {label}
    </button>
  );
}

const extentWords = {
  ALL: 'all rows',
  SOME: 'some rows',
  NONE: 'no rows',
} as const;

interface DecidingProps {
  readonly right: EffectiveRight;
  readonly model: string;
  readonly onGo: Go;
}

function Deciding({ right, model, onGo }: DecidingProps) {
  const { audience, operation, extent, decidedBy, rules } = right;
  const others = decidedBy.filter((each) => each !== operation);
  return (
    <div role="status" className="mb-2 max-w-xl space-y-2 rounded-lg border border-line p-3">
      <p className="font-medium">
        {callerNames[audience]}, {operation}: {extentWords[extent]} of {model}.
        {others.length > 0 && ` The rules for ${others.join(' and ')} decide as well.`}
      </p>
      {rules.length === 0 ? (
        <p className="text-quiet">No rule permits it.</p>
      ) : (
        <RuleSentences rules={rules} onGo={onGo} />
      )}
    </div>
  );
}

function RuleSentences({ rules, onGo }: { rules: readonly AccessRule[]; onGo: Go }) {
  return (
    <ul className="space-y-1.5">
      {rules.map(({ kind, line, sentence }) => (
        <li key={`${kind} ${line} ${sentence}`} className="whitespace-normal">
          <Sentence text={sentence} />{' '}
          <button
            type="button"
            onClick={() => onGo(line)}
            className="cursor-pointer rounded-sm text-accent underline underline-offset-2 hover:text-accent-strong touch:min-h-11"
          >
            line {line}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** The fields whose rights differ from those of the model. */
function Fields({ model, onGo }: { model: ModelAccess; onGo: Go }) {
  if (model.rules.length + model.fields.length === 0) return null;
  return (
    <details className="max-w-xl">
      <summary className="w-fit cursor-pointer rounded-sm text-quiet select-none hover:text-ink touch:py-2.5">
        All rules<span className="sr-only"> of {model.model}</span>
      </summary>
      <div className="space-y-2 pt-2">
        <RuleSentences rules={model.rules} onGo={onGo} />
        {model.fields.map(({ field, rules }) => (
          <div key={field}>
            <p className="font-mono font-semibold">{field}</p>
            <RuleSentences rules={rules} onGo={onGo} />
          </div>
        ))}
      </div>
    </details>
  );
}
