import { useMutation } from '@tanstack/react-query';

import { Alert, NewEntry } from './boards.tsx';
import { request } from './tessera.ts';
import { useLiveQuery } from './use-live-query.tsx';

const stages = ['TODO', 'DOING', 'DONE'] as const;
type Stage = (typeof stages)[number];
const titles: Readonly<Record<Stage, string>> = { TODO: 'To do', DOING: 'Doing', DONE: 'Done' };

interface Card {
  readonly id: string;
  readonly title: string;
  readonly stage: Stage;
  readonly author: { readonly name: string } | null;
}

const cardsQuery = `subscription ($board: ID!) {
  cards(where: { boardId: { eq: $board } }, orderBy: [{ createdAt: ASC }], first: 100) {
    nodes { id title stage author { name } }
  }
}`;

const createCard = `mutation ($data: CardCreateInput!) { createCard(data: $data) { id } }`;
const moveCard = `mutation ($id: ID!, $stage: Stage!) {
  updateCard(where: { id: $id }, data: { stage: $stage }) { id }
}`;
const deleteCard = `mutation ($id: ID!) { deleteCard(where: { id: $id }) { id } }`;

/** The cards of a board. Changes of every member appear by themselves, so mutations update nothing here. */
export function BoardCards({ boardId }: { boardId: string }) {
  const { data, error } = useLiveQuery<{ cards: { nodes: readonly Card[] } }>(cardsQuery, {
    board: boardId,
  });
  const change = useMutation({
    mutationFn: ({ query, variables }: { query: string; variables: object }) =>
      request(query, variables),
  });
  const run = (query: string, variables: object) => change.mutate({ query, variables });
  return (
    <>
      <Alert text={error ?? change.error?.message} />
      <div className="stages">
        {stages.map((stage) => (
          <div key={stage}>
            <h3>{titles[stage]}</h3>
            <ul aria-label={titles[stage]}>
              {data?.cards.nodes
                .filter((card) => card.stage === stage)
                .map((card) => (
                  <CardItem
                    key={card.id}
                    card={card}
                    onMove={(to) => run(moveCard, { id: card.id, stage: to })}
                    onDelete={() => run(deleteCard, { id: card.id })}
                  />
                ))}
            </ul>
          </div>
        ))}
      </div>
      <NewEntry
        label="New card"
        button="Add card"
        onEntered={(title) => run(createCard, { data: { boardId, title } })}
      />
    </>
  );
}

interface CardItemProps {
  readonly card: Card;
  readonly onMove: (stage: Stage) => void;
  readonly onDelete: () => void;
}

function CardItem({ card: { title, stage, author }, onMove, onDelete }: CardItemProps) {
  return (
    <li className="card">
      <span>{title}</span>
      <small>{author?.name}</small>
      <select
        aria-label={`Stage of ${title}`}
        value={stage}
        onChange={(event) => onMove(event.target.value as Stage)}
      >
        {stages.map((each) => (
          <option key={each} value={each}>
            {titles[each]}
          </option>
        ))}
      </select>
      <button onClick={onDelete} aria-label={`Delete ${title}`}>
        ×
      </button>
    </li>
  );
}
