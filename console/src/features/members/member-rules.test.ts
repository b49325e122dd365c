import { describe, expect, it } from 'vitest';

import { whyMemberStays, whyNotMake, whyRoleStays, type Standing } from './member-rules.ts';

const standing = (more: Partial<Standing>): Standing => ({
  viewerRole: 'ADMIN',
  isSelf: false,
  role: 'DEVELOPER',
  owners: 2,
  ...more,
});

describe('who may change whose role', () => {
  it('lets admins change all but owners', () => {
    expect(whyRoleStays(standing({}))).toBeNull();
    expect(whyRoleStays(standing({ role: 'OWNER' }))).toMatch(/^Only owners .* You are an admin/);
    expect(whyNotMake('ADMIN', 'OWNER')).toMatch(/^Only owners/);
    expect(whyNotMake('ADMIN', 'ADMIN')).toBeNull();
  });

  it('tells developers and viewers who may', () => {
    const reason = whyRoleStays(standing({ viewerRole: 'VIEWER' }));
    expect(reason).toBe('Only admins and owners change roles. You are a viewer.');
  });

  it('keeps the last owner, and says how to go on', () => {
    const own = standing({ viewerRole: 'OWNER', role: 'OWNER', isSelf: true });
    expect(whyRoleStays(own)).toBeNull();
    expect(whyRoleStays({ ...own, owners: 1 })).toMatch(/^You are the last owner/);
    expect(whyMemberStays({ ...own, owners: 1 })).toMatch(/Make somebody else an owner first/);
  });
});

describe('who may end whose membership', () => {
  it('lets everybody leave, and admins remove', () => {
    expect(whyMemberStays(standing({ viewerRole: 'VIEWER', isSelf: true }))).toBeNull();
    expect(whyMemberStays(standing({}))).toBeNull();
    expect(whyMemberStays(standing({ viewerRole: 'DEVELOPER' }))).toMatch(/^Only admins/);
    expect(whyMemberStays(standing({ role: 'OWNER' }))).toMatch(/^Only owners/);
  });
});
