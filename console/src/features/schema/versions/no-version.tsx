import { History } from 'lucide-react';

import { EmptyState } from '#console/ui/empty-state.tsx';

export function NoVersion({ number }: { number: number }) {
  return (
    <EmptyState
      icon={History}
      title={`Version ${number} doesn’t exist`}
      description="Choose a version from the list."
    />
  );
}
