import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';

import { auditSentence } from '#console/domain/audit-words.ts';
import type { AuditRowFragment } from '#console/gql/graphql.ts';
import { cn } from '#console/ui/cn.ts';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Table, TBody, TD, TH, THead, TRow } from '#console/ui/table.tsx';
import { Time } from '#console/ui/time.tsx';

interface AuditTableProps {
  readonly slug: string;
  readonly entries: readonly AuditRowFragment[];
}

export function AuditTable({ slug, entries }: AuditTableProps) {
  return (
    <Table label="Audit log">
      <THead>
        <TRow>
          <TH className="w-px">
            <span className="sr-only">Details</span>
          </TH>
          <TH className="w-full">Action</TH>
          <TH>Who</TH>
          <TH>When</TH>
          <TH className="max-lg:hidden">IP address</TH>
        </TRow>
      </THead>
      <TBody>
        {entries.map((entry) => (
          <Entry key={entry.id} slug={slug} entry={entry} />
        ))}
      </TBody>
    </Table>
  );
}

function Entry({ slug, entry }: { slug: string; entry: AuditRowFragment }) {
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const sentence = auditSentence(entry);
  return (
    <>
      <TRow>
        <TD className="pr-0">
          <IconButton
            size="sm"
            label={`Details: ${sentence}`}
            icon={
              <ChevronRight className={cn('size-4 transition-transform', isOpen && 'rotate-90')} />
            }
            aria-expanded={isOpen}
            aria-controls={isOpen ? detailsId : undefined}
            onClick={() => setIsOpen(!isOpen)}
          />
        </TD>
        <TD className="min-w-64">
          <span className="block wrap-anywhere first-letter:uppercase">{sentence}</span>
          <code className="font-mono text-xs text-quiet">{entry.action}</code>
        </TD>
        <TD>
          <Actor slug={slug} actor={entry.actor} />
        </TD>
        <TD className="whitespace-nowrap text-quiet">
          <Time value={entry.at} />
        </TD>
        <TD className="font-mono text-xs whitespace-nowrap text-quiet max-lg:hidden">
          {entry.ipAddress ?? '–'}
        </TD>
      </TRow>
      {isOpen && (
        <tr id={detailsId} className="bg-sunken/40">
          <TD colSpan={5} className="py-4">
            <CodeBlock
              className="bg-surface"
              label={`Details of ${entry.action}`}
              copy="Copy entry"
              code={JSON.stringify(entryForPeople(entry), null, 2)}
            />
          </TD>
        </tr>
      )}
    </>
  );
}

/** The entry as the API returns it, without `__typename` and fragment references. */
const entryForPeople = ({
  id,
  at,
  action,
  actor,
  target,
  ipAddress,
  details,
}: AuditRowFragment) => ({
  id,
  at,
  action,
  actor,
  target,
  ipAddress,
  details,
});

/** The actor's name, as a link that filters the log by this actor. */
function Actor({ slug, actor }: { slug: string; actor: AuditRowFragment['actor'] }) {
  const name = actorName(actor);
  if (actor.id === null) return <span className="text-quiet">{name}</span>;
  return (
    <Link
      to="/orgs/$slug/audit"
      params={{ slug }}
      search={{ actor: actor.id }}
      title={`Show all actions by ${name}`}
      className={cn(
        'block max-w-56 truncate underline decoration-line-strong/60 underline-offset-3 hover:decoration-current',
        actor.kind === 'API_KEY' && 'font-mono text-[0.8125rem]',
      )}
    >
      {actor.kind === 'API_KEY' ? `${name}…` : name}
    </Link>
  );
}

function actorName({ kind, label }: AuditRowFragment['actor']): string {
  switch (kind) {
    case 'USER':
      return label ?? 'Unknown user';
    case 'API_KEY':
      return label ?? 'API key';
    case 'SYSTEM':
      return 'Tessera';
    case 'ANONYMOUS':
      return 'Not signed in';
  }
}
