import { useMutation } from '@tanstack/react-query';
import type { ComponentProps, SubmitEvent } from 'react';

import { BoardCards } from './cards.tsx';
import { Members } from './members.tsx';
import { request } from './tessera.ts';
import { useLiveQuery } from './use-live-query.tsx';

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly ownerId: string;
  readonly members: {
    readonly nodes: readonly {
      readonly id: string;
      readonly user: { readonly name: string } | null;
    }[];
  };
}

const boardsQuery = `subscription {
  boards(orderBy: [{ createdAt: ASC }], first: 20) {
    nodes { id name ownerId members(first: 50) { nodes { id user { name } } } }
  }
}`;

const createBoard = `mutation ($data: BoardCreateInput!) { createBoard(data: $data) { id } }`;

/** The boards that the user owns or is a member of. A board disappears when the membership ends. */
export function Boards() {
  const { data, error } = useLiveQuery<{ boards: { nodes: readonly Board[] } }>(boardsQuery);
  const creation = useMutation({
    mutationFn: (name: string) => request(createBoard, { data: { name } }),
  });
  if (data === undefined)
    return <main>{error === null ? <p>Loading…</p> : <Alert text={error} />}</main>;
  return (
    <main>
      <Alert text={error ?? creation.error?.message} />
      {data.boards.nodes.map((board) => (
        <section key={board.id} aria-label={board.name}>
          <h2>{board.name}</h2>
          <Members board={board} />
          <BoardCards boardId={board.id} />
        </section>
      ))}
      {data.boards.nodes.length === 0 && (
        <p className="empty">
          You are not a member of a board. Create one, or ask its owner to add you.
        </p>
      )}
      <NewEntry
        label="New board"
        button="Create board"
        onEntered={(name) => creation.mutate(name)}
      />
    </main>
  );
}

export function Alert({ text }: { text: string | null | undefined }) {
  return text == null ? null : <p role="alert">{text}</p>;
}

interface NewEntryProps extends Pick<ComponentProps<'input'>, 'list'> {
  readonly label: string;
  readonly button: string;
  readonly onEntered: (text: string) => void;
}

/** A form with one text. */
export function NewEntry({ label, button, onEntered, ...input }: NewEntryProps) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = new FormData(event.currentTarget).get('text');
    event.currentTarget.reset();
    if (typeof text === 'string') onEntered(text);
  };
  return (
    <form className="entry" onSubmit={submit}>
      <input name="text" aria-label={label} placeholder={label} required {...input} />
      <button>{button}</button>
    </form>
  );
}
