import { getRouteApi } from '@tanstack/react-router';
import { Ban, Ellipsis, Eye, Pencil, RefreshCw } from 'lucide-react';
import { useState } from 'react';

import { UsageSpark } from '#console/components/usage-spark.tsx';
import { whyNot } from '#console/domain/permissions.ts';
import type { Project } from '#console/domain/project.queries.ts';
import type { ProjectKeysQuery } from '#console/gql/graphql.ts';
import { Badge } from '#console/ui/badge.tsx';
import { cn } from '#console/ui/cn.ts';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#console/ui/menu.tsx';
import { Table, TBody, TD, TDActions, TH, THead, TRow } from '#console/ui/table.tsx';
import { Time } from '#console/ui/time.tsx';

import { isWorking, keyStatus, whyNotRotated, whyOver } from './key-status.ts';
import { RevokeDialog } from './revoke-dialog.tsx';
import { StatusBadge } from './status-badge.tsx';
import type { KeyChanges } from './use-key-changes.ts';

const route = getRouteApi('/_app/projects/$ref/keys');

type KeyRow = NonNullable<ProjectKeysQuery['project']>['apiKeys']['nodes'][number];

interface KeysTableProps {
  readonly keys: readonly KeyRow[];
  readonly project: Project;
  readonly revoke: KeyChanges['revoke'];
}

export function KeysTable({ keys, project, revoke }: KeysTableProps) {
  return (
    <Table label="API keys">
      <THead>
        <TRow>
          <TH>Key</TH>
          <TH>Scopes</TH>
          <TH>Status</TH>
          <TH>Requests (7 days)</TH>
          <TH>Created</TH>
          <TH>
            <span className="sr-only">Actions</span>
          </TH>
        </TRow>
      </THead>
      <TBody>
        {keys.map((key) => (
          <Row key={key.id} apiKey={key} project={project} revoke={revoke} />
        ))}
      </TBody>
    </Table>
  );
}

interface RowProps {
  readonly apiKey: KeyRow;
  readonly project: Project;
  readonly revoke: KeyChanges['revoke'];
}

function Row({ apiKey, project, revoke }: RowProps) {
  const status = keyStatus(apiKey, new Date());
  const { name, kind, prefix, lastFour, createdAt, createdBy, rateLimitPerMinute } = apiKey;
  return (
    <TRow>
      <TH scope="row" className="max-w-64">
        <span className={cn('block truncate font-medium', !isWorking(status) && 'text-quiet')}>
          {name}
        </span>
        <span className="flex flex-wrap items-center gap-1.5">
          <code className="font-mono text-xs font-normal text-quiet">
            {prefix}…{lastFour}
          </code>
          {kind === 'PUBLISHABLE' && <Badge tone="info">Publishable</Badge>}
        </span>
      </TH>
      <TD>
        <Scopes scopes={apiKey.scopes} />
        {rateLimitPerMinute !== null && (
          <span className="mt-1 block text-xs whitespace-nowrap text-quiet">
            up to {rateLimitPerMinute.toLocaleString('en')} per minute
          </span>
        )}
      </TD>
      <TD className="whitespace-nowrap">
        <StatusBadge status={status} />
      </TD>
      <TD className="whitespace-nowrap">
        <Used apiKey={apiKey} />
      </TD>
      <TD className="max-w-44 text-[0.8125rem] whitespace-nowrap text-quiet">
        <Time value={createdAt} />
        {createdBy !== null && <span className="block truncate">by {createdBy.name}</span>}
      </TD>
      <TDActions>
        <Actions apiKey={apiKey} project={project} revoke={revoke} />
      </TDActions>
    </TRow>
  );
}

const shownScopes = 4;

function Scopes({ scopes }: { scopes: readonly string[] }) {
  return (
    <ul aria-label="Scopes" className="flex max-w-72 min-w-40 flex-wrap gap-1">
      {scopes.slice(0, shownScopes).map((scope) => (
        <li key={scope} className="max-w-full">
          <Badge className="max-w-full font-mono font-normal">
            <span className="truncate">{scope}</span>
          </Badge>
        </li>
      ))}
      {scopes.length > shownScopes && (
        <li title={scopes.slice(shownScopes).join(', ')} className="text-xs leading-6 text-quiet">
          and {scopes.length - shownScopes} more
        </li>
      )}
    </ul>
  );
}

function Used({ apiKey: { usage, lastUsedAt } }: { apiKey: KeyRow }) {
  const requests = usage.reduce((sum, day) => sum + day.requests, 0);
  const errors = usage.reduce((sum, day) => sum + day.errors, 0);
  return (
    <div className="flex items-center gap-3">
      <UsageSpark days={usage} />
      <div className="text-[0.8125rem]">
        <span className="tabular-nums">
          {requests.toLocaleString('en')}
          {errors > 0 && (
            <span className="text-danger"> ({errors.toLocaleString('en')} failed)</span>
          )}
        </span>
        <span className="block text-quiet">
          {lastUsedAt === null ? (
            'never used'
          ) : (
            <>
              used <Time value={lastUsedAt} />
            </>
          )}
        </span>
      </div>
    </div>
  );
}

function Actions({ apiKey, project, revoke }: RowProps) {
  const [isRevoking, setIsRevoking] = useState(false);
  const navigate = route.useNavigate();
  const { viewerRole } = project.organization;
  const status = keyStatus(apiKey, new Date());
  const open = (dialog: { edit: string } | { rotate: string } | { key: string }) =>
    void navigate({ search: (search) => ({ ...search, ...dialog }), resetScroll: false });
  return (
    <>
      <Menu trigger={<IconButton label={`Actions for ${apiKey.name}`} icon={Ellipsis} size="sm" />}>
        {apiKey.kind === 'PUBLISHABLE' && (
          <MenuItem
            icon={Eye}
            disabledReason={apiKey.publishableKey === null ? 'The key cannot be shown.' : null}
            onSelect={() => open({ key: apiKey.id })}
          >
            Show key…
          </MenuItem>
        )}
        <MenuItem
          icon={Pencil}
          disabledReason={whyNot(viewerRole, 'apiKey:update') ?? whyOver(status)}
          onSelect={() => open({ edit: apiKey.id })}
        >
          Edit…
        </MenuItem>
        <MenuItem
          icon={RefreshCw}
          disabledReason={whyNot(viewerRole, 'apiKey:rotate') ?? whyNotRotated(status)}
          onSelect={() => open({ rotate: apiKey.id })}
        >
          Rotate…
        </MenuItem>
        <MenuSeparator />
        <MenuItem
          icon={Ban}
          tone="danger"
          disabledReason={whyNot(viewerRole, 'apiKey:revoke') ?? whyOver(status)}
          onSelect={() => setIsRevoking(true)}
        >
          Revoke…
        </MenuItem>
      </Menu>
      <RevokeDialog
        open={isRevoking}
        onOpenChange={setIsRevoking}
        apiKey={apiKey}
        revoke={revoke}
      />
    </>
  );
}
