import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';

import { accountSentence } from '#console/domain/account-words.ts';
import { countOf } from '#console/lib/count-of.ts';
import { pagesBeside, type CursorPage } from '#console/lib/cursor-page.ts';
import { Card, CardBody, CardFooter, CardHeader } from '#console/ui/card.tsx';
import { Pager } from '#console/ui/pager.tsx';
import { Time } from '#console/ui/time.tsx';

import { accountLogQuery, type AccountEntry } from './account.queries.ts';

const route = getRouteApi('/_app/account');

/** What happened to the user's account: sign-ins, refused sign-ins, changes of the password. */
export function ActivityCard() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: log } = useSuspenseQuery(accountLogQuery(search));
  // The user has just signed out: the router is about to show the sign-in page.
  if (log === null) return null;
  const { previous, next } = pagesBeside(log.pageInfo);
  const turn = (page: CursorPage | null) =>
    void navigate({ search: { after: undefined, before: undefined, ...page }, resetScroll: false });
  return (
    <Card aria-labelledby="activity-title">
      <CardHeader
        title="Activity"
        titleId="activity-title"
        description="Sign-ins and changes to your account. If you don’t recognize one, change your password."
      />
      <CardBody>
        <ul className="divide-y divide-line">
          {log.nodes.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ul>
      </CardBody>
      <CardFooter>
        <Pager
          name="Activity pagination"
          label={countOf(log.totalCount, 'entry', 'entries')}
          hasPrevious={previous !== null}
          hasNext={next !== null}
          onPrevious={() => turn(previous)}
          onNext={() => turn(next)}
        />
      </CardFooter>
    </Card>
  );
}

function Entry({ entry }: { entry: AccountEntry }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-2.5 first:pt-0 last:pb-0">
      <span className="wrap-anywhere">{accountSentence(entry)}</span>
      <span className="text-[0.8125rem] text-quiet">
        {entry.ipAddress !== null && (
          <>
            <span className="font-mono text-xs wrap-anywhere">{entry.ipAddress}</span>
            {' · '}
          </>
        )}
        <Time value={entry.at} />
      </span>
    </li>
  );
}
