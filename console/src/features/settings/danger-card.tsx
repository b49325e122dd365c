import type { ReactNode } from 'react';

import { Card, CardHeader } from '#console/ui/card.tsx';

/** A card for actions that cannot be undone. */
export function DangerCard({ children }: { children: ReactNode }) {
  return (
    <Card aria-labelledby="danger" className="border-danger/40">
      <CardHeader title="Danger zone" titleId="danger" />
      <div className="mt-3 divide-y divide-line">{children}</div>
    </Card>
  );
}

interface DangerRowProps {
  readonly title: string;
  readonly description: ReactNode;
  readonly action: ReactNode;
}

export function DangerRow({ title, description, action }: DangerRowProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-5 py-4 max-sm:px-4">
      <div className="min-w-0 flex-1 basis-72">
        <h3 className="font-medium">{title}</h3>
        <p className="text-pretty text-quiet">{description}</p>
      </div>
      {action}
    </div>
  );
}
