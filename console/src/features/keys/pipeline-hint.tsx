import { GitBranch } from 'lucide-react';

import { Alert } from '#console/ui/alert.tsx';

/** That a schema can come from a pipeline, and where it says how. */
export function PipelineHint() {
  return (
    <Alert tone="info" title="From a pipeline">
      <p className="text-quiet">
        <GitBranch aria-hidden="true" className="mr-1.5 inline size-4 align-text-bottom" />A key of
        “Deploy from CI” plans and applies the schema that lies in your repository:{' '}
        <code className="font-mono text-[0.8125rem] text-ink">tessera schema plan</code>. How is in{' '}
        <code className="font-mono text-[0.8125rem] text-ink">docs/schema-from-a-pipeline.md</code>.
      </p>
    </Alert>
  );
}
