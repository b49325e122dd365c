import { GitBranch } from 'lucide-react';

import { Alert } from '#console/ui/alert.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';

/** A hint that a CI pipeline can apply the schema, with a link to the guide. */
export function PipelineHint() {
  return (
    <Alert tone="info" title="Deploy from a pipeline">
      <p className="text-quiet">
        <GitBranch aria-hidden="true" className="mr-1.5 inline size-4 align-text-bottom" />
        With a “Deploy from CI” key, a pipeline can plan and apply the schema in your repository:{' '}
        <code className="font-mono text-[0.8125rem] text-ink">tessera schema plan</code>.{' '}
        <DocsLink page="pipeline">See the guide</DocsLink>
      </p>
    </Alert>
  );
}
