// The data of the parts about live queries: rooms with messages.
import type { Subscription } from './client-jobs.ts';

export const roomsSdl = `
  type Room @model @live { id: ID! @id  name: String!  messages: [Message!]! }
  type Message @model @live @index(fields: ["room", "updatedAt"]) {
    id: ID! @id
    text: String!
    sender: String!
    room: Room! @relation(onDelete: CASCADE)
    createdAt: DateTime! @createdAt
    updatedAt: DateTime! @updatedAt
  }
`;

export const idOf = (letter: string, number: number): string =>
  `00000000-0000-7000-8${letter.repeat(3)}-${String(number).padStart(12, '0')}`;

export const idSql = (letter: string, number: string): string =>
  `('00000000-0000-7000-8${letter.repeat(3)}-' || lpad((${number})::text, 12, '0'))::uuid`;

/** Messages with a text of this length, numbered from 0 in each room. */
export function fillRooms(rooms: number, messages: number, textLength: number): readonly string[] {
  return [
    `INSERT INTO room (id, name) SELECT ${idSql('a', 'n')}, 'Room ' || n FROM generate_series(1, ${rooms}) AS n`,
    `INSERT INTO message (id, text, sender, room_id, created_at, updated_at)
     SELECT ${idSql('b', `n * 1000 + m`)}, repeat('t', ${textLength}), 'Sender ' || m, ${idSql('a', 'n')},
       '2024-01-01Z'::timestamptz + m * interval '1 minute', '2024-01-01Z'::timestamptz + m * interval '1 minute'
     FROM generate_series(1, ${rooms}) AS n, generate_series(0, ${messages - 1}) AS m`,
  ];
}

/** The newest messages of a room. */
export function roomQuery(room: number, first = 5): Subscription {
  return {
    query: `subscription ($room: ID!, $first: Int!) {
      messages(where: { roomId: { eq: $room } }, orderBy: { updatedAt: DESC }, first: $first) {
        nodes { id text sender updatedAt }
      }
    }`,
    variables: { room: idOf('a', room), first },
  };
}

/** Changes the text of a message. */
export function messageUpdate(room: number, message: number, text: string) {
  return {
    query: `mutation ($id: ID!, $text: String!) {
      updateMessage(where: { id: $id }, data: { text: $text }) { id }
    }`,
    variables: { id: idOf('b', room * 1_000 + message), text },
  };
}
