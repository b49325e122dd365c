import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';

import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';
import { Table, TBody, TD, TH, THead, TRow } from '#console/ui/table.tsx';

import { usageQuery } from './overview.queries.ts';
import { dayLabel, type UsageDay, usageInWords, type UsageSpan, usageSpans } from './usage-sum.ts';

const UsageChart = lazy(() => import('./usage-chart.tsx'));

interface UsageCardProps {
  readonly projectRef: string;
  readonly days: UsageSpan;
  readonly onDays: (days: UsageSpan) => void;
}

export function UsageCard({ projectRef, days, onDays }: UsageCardProps) {
  const { data: usage } = useSuspenseQuery(usageQuery(projectRef, days));
  return (
    <Card aria-labelledby="usage">
      <CardHeader
        title="Requests per day"
        description="Requests to the project’s API, including those from this console."
        titleId="usage"
        actions={
          <Segmented
            label="Period"
            options={usageSpans.map((span) => ({ value: `${span}`, label: `${span} days` }))}
            value={`${days}`}
            onValueChange={(value) => {
              const span = usageSpans.find((one) => `${one}` === value);
              if (span !== undefined) onDays(span);
            }}
          />
        }
      />
      <CardBody>
        <figure>
          <div aria-hidden="true" className="h-48">
            <Suspense fallback={<Skeleton className="h-full w-full" />}>
              <UsageChart days={usage} />
            </Suspense>
          </div>
          <figcaption className="mt-3 text-quiet">
            <p role="status">{usageInWords(usage)}</p>
          </figcaption>
        </figure>
        <Numbers days={usage} />
      </CardBody>
    </Card>
  );
}

/** The chart's data as an accessible table, by UTC day. */
function Numbers({ days }: { days: readonly UsageDay[] }) {
  const used = days.filter(({ requests }) => requests > 0);
  if (used.length === 0) return null;
  return (
    <details className="mt-2">
      <summary className="w-fit cursor-pointer rounded-md font-medium text-accent">
        Show as a table
      </summary>
      <div className="mt-3 max-h-72 overflow-y-auto">
        <Table label="Requests by day">
          <THead>
            <TRow>
              <TH>Day (UTC)</TH>
              <TH className="text-right">Requests</TH>
              <TH className="text-right">Refused or failed</TH>
            </TRow>
          </THead>
          <TBody>
            {used.toReversed().map(({ day, requests, errors }) => (
              <TRow key={day}>
                <TH scope="row">{dayLabel(day)}</TH>
                <TD className="text-right tabular-nums">{requests}</TD>
                <TD className="text-right tabular-nums">{errors}</TD>
              </TRow>
            ))}
          </TBody>
        </Table>
      </div>
    </details>
  );
}
