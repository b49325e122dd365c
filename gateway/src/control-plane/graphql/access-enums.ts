import type { accessOperations, audiences } from '../../engine/schema.ts';
import { builder } from './builder.ts';

type Described<Name extends string> = Record<Name, { description: string }>;

export const AccessOperation = builder.enumType('AccessOperation', {
  description: 'An operation on rows that access rules can permit.',
  values: {
    READ: { description: 'See rows and their values.' },
    CREATE: { description: 'Create rows.' },
    UPDATE: { description: 'Change rows.' },
    DELETE: { description: 'Delete rows.' },
    LINK: { description: 'Refer to rows from other rows.' },
  } satisfies Described<(typeof accessOperations)[number]>,
});

export const Audience = builder.enumType('Audience', {
  description: 'Who an access rule is for. Each audience has the rights of the ones before it.',
  values: {
    PUBLIC: { description: 'Everyone, also callers who are signed out.' },
    GUEST: { description: 'Callers who are signed in, also with an anonymous account.' },
    USER: { description: 'Callers who are signed in with a real account.' },
  } satisfies Described<(typeof audiences)[number]>,
});
