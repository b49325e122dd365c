import { useQuery } from '@tanstack/react-query';

import { byteSize } from '#console/lib/byte-size.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { Time } from '#console/ui/time.tsx';

import { liveQuery, type Live } from './overview.queries.ts';

/** The live subscriptions of a project. Empty if no model is live. */
export function LiveCard({ projectRef }: { projectRef: string }) {
  // Not a part of the page's first view, so that figures that cannot be read do not prevent the page.
  const { data: live } = useQuery(liveQuery(projectRef));
  if (live == null || live.models === 0) return null;
  return (
    <Card aria-labelledby="live">
      <CardHeader
        title="Live"
        description="Subscriptions to this gateway, and the log of changes that they follow."
        titleId="live"
      />
      <CardBody className="space-y-4">
        <DefinitionList
          items={[
            { term: 'Subscribers', description: subscribersText(live) },
            { term: 'Live models', description: countOf(live.models, 'model') },
            { term: 'Delay', description: delayText(live.lagMs) },
            {
              term: 'Change log',
              description: (
                <>
                  {byteSize(live.logBytes)} of {byteSize(live.logMaxBytes)}
                </>
              ),
            },
            {
              term: 'Changes since',
              description:
                live.oldestChangeAt === null ? (
                  'None yet'
                ) : (
                  <>
                    <Time value={live.oldestChangeAt} />, kept for{' '}
                    {countOf(live.retentionDays, 'day')}
                  </>
                ),
            },
          ]}
        />
        <p className="text-[0.8125rem] text-quiet">
          <DocsLink page="connections">How apps subscribe</DocsLink>
        </p>
      </CardBody>
    </Card>
  );
}

function subscribersText({ subscribers, queries, streams }: Live): string {
  if (subscribers === 0) return 'None';
  const parts = [
    ...(queries > 0 ? [countOf(queries, 'live query', 'live queries')] : []),
    ...(streams > 0 ? [countOf(streams, 'change stream')] : []),
  ];
  return `${subscribers.toLocaleString('en')} (${parts.join(', ')})`;
}

/** Shorter times are the time in which a change is normally read. */
const noticeableMs = 1_000;

const delayText = (lagMs: number): string =>
  lagMs < noticeableMs ? 'Up to date' : `${(lagMs / 1_000).toFixed(1)} s behind`;
