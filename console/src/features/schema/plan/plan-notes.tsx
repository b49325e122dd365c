import { Alert } from '#console/ui/alert.tsx';

import { Sentence } from '../access/sentence.tsx';
import type { SchemaPlan } from '../schema.queries.ts';

/** Advice about the access rules of the schema. */
export function PlanNotes({ notes }: Pick<SchemaPlan, 'notes'>) {
  if (notes.length === 0) return null;
  return (
    <div className="px-4 pb-3">
      <Alert tone="info" title="Notes about the access rules">
        <ul className="list-disc space-y-1 pl-4">
          {notes.map(({ summary }) => (
            <li key={summary} className="wrap-anywhere">
              <Sentence text={summary} />
            </li>
          ))}
        </ul>
      </Alert>
    </div>
  );
}
