import { useId, useState } from 'react';

import { Checkbox } from '#console/ui/checkbox.tsx';

import { modelsNamed, reaches, scopesOf, withModel, type Grant, type Reach } from './scopes.ts';

interface ModelScopesProps {
  readonly models: readonly string[];
  readonly grant: Grant;
  readonly onGrant: (grant: Grant) => void;
}

/** Checkboxes for the models that a key can read and write: all models, or individual ones. */
export function ModelScopes({ models, grant, onGrant }: ModelScopesProps) {
  const headingId = useId();
  // A key can name models that are no longer in the schema. They remain in the list after they are unchecked.
  const [named] = useState(() => modelsNamed(scopesOf(grant)));
  const all = Array.from(new Set([...models, ...named]));
  const set = (verb: 'read' | 'write', reach: Reach) => onGrant({ ...grant, [verb]: reach });
  return (
    <div role="group" aria-labelledby={headingId} className="space-y-2">
      <p id={headingId} className="font-medium">
        Rows
      </p>
      <div className="max-h-64 overflow-y-auto rounded-md border border-line">
        <table className="w-full" aria-labelledby={headingId}>
          <thead className="sticky top-0 bg-sunken text-xs text-quiet">
            <tr>
              <th scope="col" className="px-3 py-1.5 text-left font-medium">
                Model
              </th>
              <th scope="col" className="w-16 py-1.5 text-left font-medium">
                Read
              </th>
              <th scope="col" className="w-16 py-1.5 text-left font-medium">
                Write
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            <tr>
              <th scope="row" className="px-3 py-1.5 text-left font-medium">
                All models
                <span className="block text-xs font-normal text-quiet">
                  including future models
                </span>
              </th>
              {verbs.map((verb) => (
                <td key={verb} className="py-1.5">
                  <Checkbox
                    isLabelHidden
                    label={`${verbName[verb]} all models`}
                    checked={grant[verb] === 'ALL'}
                    indeterminate={grant[verb] !== 'ALL' && grant[verb].length > 0}
                    onCheckedChange={(isAll) => set(verb, isAll ? 'ALL' : [])}
                  />
                </td>
              ))}
            </tr>
            {all.map((model) => (
              <tr key={model}>
                <th scope="row" className="px-3 py-1.5 text-left font-mono text-xs font-normal">
                  {model}
                  {!models.includes(model) && (
                    <span className="ml-2 font-sans text-quiet">not in the schema</span>
                  )}
                </th>
                {verbs.map((verb) => (
                  <td key={verb} className="py-1.5">
                    <Checkbox
                      isLabelHidden
                      label={`${verbName[verb]} ${model}`}
                      checked={reaches(grant[verb], model)}
                      onCheckedChange={(isIn) =>
                        set(verb, withModel(grant[verb], model, isIn, all))
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {models.length === 0 && (
        <p className="text-[0.8125rem] text-quiet">Models appear here after you apply a schema.</p>
      )}
    </div>
  );
}

const verbs = ['read', 'write'] as const;
const verbName = { read: 'Read', write: 'Write' } as const;
