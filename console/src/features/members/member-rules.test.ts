import { describe, expect, it } from 'vitest';

import { whyMemberStays, whyNotMake, whyRoleStays, type Standing } from './member-rules.ts';

const standing = (more: Partial<Standing>): Standing => ({
  viewerRole: 'ADMIN',
  isSelf: false,
  role: 'DEVELOPER',
  owners: 2,
  ...more,
});

describe('changing a role', () => {
  it("is allowed for admins, except for an owner's role", () => {
    expect(whyRoleStays(standing({}))).toBeNull();
    expect(whyRoleStays(standing({ role: 'OWNER' }))).toMatch(/^Only owners .* You are an admin/);
    expect(whyNotMake('ADMIN', 'OWNER')).toMatch(/^Only owners/);
    expect(whyNotMake('ADMIN', 'ADMIN')).toBeNull();
  });

  it('is refused for viewers, with the required roles in the reason', () => {
    const reason = whyRoleStays(standing({ viewerRole: 'VIEWER' }));
    expect(reason).toBe('Only admins and owners can change roles. You are a viewer.');
  });

  it('is refused for the last owner, with the next step in the reason', () => {
    const own = standing({ viewerRole: 'OWNER', role: 'OWNER', isSelf: true });
    expect(whyRoleStays(own)).toBeNull();
    expect(whyRoleStays({ ...own, owners: 1 })).toMatch(/^You are the last owner/);
    expect(whyMemberStays({ ...own, owners: 1 })).toMatch(/Make another member an owner first/);
  });
});

describe('ending a membership', () => {
  it('is allowed for the member and for admins', () => {
    expect(whyMemberStays(standing({ viewerRole: 'VIEWER', isSelf: true }))).toBeNull();
    expect(whyMemberStays(standing({}))).toBeNull();
    expect(whyMemberStays(standing({ viewerRole: 'DEVELOPER' }))).toMatch(/^Only admins/);
    expect(whyMemberStays(standing({ role: 'OWNER' }))).toMatch(/^Only owners/);
  });
});
