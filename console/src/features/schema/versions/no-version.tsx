import { History } from 'lucide-react';

import { EmptyState } from '#console/ui/empty-state.tsx';

export function NoVersion({ number }: { number: number }) {
  return (
    <EmptyState
      icon={History}
      title={`There is no version ${number}`}
      description="Choose one from the list."
    />
  );
}
