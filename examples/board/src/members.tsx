import { useMutation, useQuery } from '@tanstack/react-query';
import { useId } from 'react';

import { Alert, type Board, NewEntry } from './boards.tsx';
import { request } from './tessera.ts';

interface User {
  readonly id: string;
  readonly name: string;
}

const findUser = `query ($name: String!) { users(where: { name: { eq: $name } }, first: 1) { nodes { id } } }`;
const addMember = `mutation ($data: MemberCreateInput!) { createMember(data: $data) { id } }`;
const removeMember = `mutation ($id: ID!) { deleteMember(where: { id: $id }) { id } }`;

async function add(boardId: string, name: string): Promise<void> {
  const { users } = await request<{ users: { nodes: readonly User[] } }>(findUser, { name });
  const [user] = users.nodes;
  if (user === undefined)
    throw new Error(`There is no user ${name}. Users exist when they have signed in.`);
  await request(addMember, { data: { boardId, userId: user.id } });
}

/** The members of a board. The owner adds and removes them. The rules of the schema refuse everyone else. */
export function Members({ board: { id, ownerId, members } }: { board: Board }) {
  const { data: me } = useQuery({
    queryKey: ['me'],
    queryFn: () => request<{ me: User | null }>('{ me { id name } }'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const title = useId();
  const addition = useMutation({ mutationFn: (name: string) => add(id, name) });
  const removal = useMutation({
    mutationFn: (member: string) => request(removeMember, { id: member }),
  });
  const isOwner = me?.me?.id === ownerId;
  return (
    <div className="members">
      <h3 id={title}>Members</h3>
      <ul aria-labelledby={title}>
        {members.nodes.map((member) => (
          <li key={member.id}>
            {member.user?.name}
            {isOwner && (
              <button
                onClick={() => removal.mutate(member.id)}
                aria-label={`Remove ${member.user?.name ?? ''}`}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      {isOwner && (
        <NewEntry
          label="Name of a user"
          button="Add member"
          onEntered={(name) => addition.mutate(name)}
        />
      )}
      <Alert text={(addition.error ?? removal.error)?.message} />
    </div>
  );
}
