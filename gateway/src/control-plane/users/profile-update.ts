import { z } from 'zod';

import type { User } from '#prisma';
import type { Caller } from '../access/caller.ts';
import { errors } from '../errors/errors.ts';
import { displayName, parseInput } from '../validation/input.ts';
import { requireUser } from '../access/access.service.ts';
import type { UsersDependencies } from './dependencies.ts';

const profileSchema = z.object({ name: displayName });

export type ProfileUpdate = z.input<typeof profileSchema>;

/** Changes what a user is called. */
export function createProfileUpdate({ audit, sessions }: UsersDependencies) {
  return async (caller: Caller, input: ProfileUpdate): Promise<User> => {
    const viewer = requireUser(caller);
    const { name } = parseInput(profileSchema, input);
    return sessions.transaction(async (tx, changes) => {
      const before = await tx.user.findUnique({ where: { id: viewer.userId } });
      if (before === null) throw errors.unauthenticated();
      if (before.name === name) return before;
      // Holds the row, and only while it is called what the audit log will say that it was.
      const [user] = await tx.user.updateManyAndReturn({
        where: { id: before.id, name: before.name },
        data: { name },
      });
      if (user === undefined) throw errors.conflict();
      await changes.requireStanding(viewer);
      await audit.record(tx, caller, {
        action: 'user.updateProfile',
        target: { kind: 'user', id: user.id, label: user.email },
        details: { before: { name: before.name }, after: { name } },
      });
      return user;
    });
  };
}
