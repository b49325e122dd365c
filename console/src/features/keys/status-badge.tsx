import { Badge } from '#console/ui/badge.tsx';
import { Time } from '#console/ui/time.tsx';

import type { KeyStatus } from './key-status.ts';

/** A key's status, with its expiry. */
export function StatusBadge({ status }: { status: KeyStatus }) {
  switch (status.kind) {
    case 'ACTIVE':
      return (
        <>
          <Badge tone="success">Active</Badge>
          <Note>never expires</Note>
        </>
      );
    case 'ENDING':
      return (
        <>
          {status.isReplaced ? (
            <Badge tone="warning">Rotated</Badge>
          ) : (
            <Badge tone={status.isSoon ? 'warning' : 'success'}>
              {status.isSoon ? 'Expires soon' : 'Active'}
            </Badge>
          )}
          <Note>
            expires <Time value={status.until} />
          </Note>
        </>
      );
    case 'EXPIRED':
      return (
        <>
          <Badge>{status.isReplaced ? 'Rotated' : 'Expired'}</Badge>
          <Note>
            {status.isReplaced ? 'expired ' : ''}
            <Time value={status.at} />
          </Note>
        </>
      );
    case 'REVOKED':
      return (
        <>
          <Badge tone="danger">Revoked</Badge>
          <Note>
            <Time value={status.at} />
          </Note>
        </>
      );
  }
}

const Note = ({ children }: { children: React.ReactNode }) => (
  <span className="mt-0.5 block text-xs text-quiet">{children}</span>
);
