import { Alert } from '#console/ui/alert.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';

import type { SchemaPlan } from '../schema.queries.ts';

/** The maximum number of suggestions that are shown. */
const mostShown = 5;

/** Renames that would keep data that the plan drops, each with the directive to copy. */
export function Suggestions({ suggestions }: Pick<SchemaPlan, 'suggestions'>) {
  if (suggestions.length === 0) return null;
  const title = suggestions.length === 1 ? 'Is this a rename?' : 'Are these renames?';
  return (
    <Alert tone="info" title={title} className="mx-4 mb-2">
      <ul className="space-y-2">
        {suggestions.slice(0, mostShown).map(({ target, from, directive }) => (
          <li key={target} className="wrap-anywhere">
            <p>
              If <strong>{target}</strong> is a new name for <strong>{from}</strong>, add this
              directive to {target}. The data is then kept.
            </p>
            <div className="mt-1">
              <CodeBlock code={directive} label={`Directive for ${target}`} copy="Copy directive" />
            </div>
          </li>
        ))}
      </ul>
      {suggestions.length > mostShown && (
        <p className="mt-2">and {suggestions.length - mostShown} more</p>
      )}
    </Alert>
  );
}
