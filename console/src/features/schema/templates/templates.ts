import blogWithDrafts from '../../../../../examples/blog-with-drafts.graphql?raw';
import chatRooms from '../../../../../examples/chat-rooms.graphql?raw';
import invitations from '../../../../../examples/invitations.graphql?raw';
import moderation from '../../../../../examples/moderation.graphql?raw';
import personalTodo from '../../../../../examples/personal-todo.graphql?raw';
import publicForm from '../../../../../examples/public-form.graphql?raw';
import teamDirectory from '../../../../../examples/team-directory.graphql?raw';
import teamWorkspace from '../../../../../examples/team-workspace.graphql?raw';
import blog from './blog.graphqls?raw';
import shop from './shop.graphqls?raw';
import tracker from './tracker.graphqls?raw';

export interface Template {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly sdl: string;
}

/** Schemas that users can start from. Their comments explain the SDL. */
export const templates: readonly Template[] = [
  {
    name: 'tracker',
    title: 'Issue tracker',
    about: 'Boards with members, and issues with labels, comments and sub-issues.',
    sdl: tracker,
  },
  {
    name: 'blog',
    title: 'Blog',
    about: 'Authors with profiles, posts with tags and a status, and comments with replies.',
    sdl: blog,
  },
  {
    name: 'shop',
    title: 'Shop',
    about: 'Products in categories, customers with addresses, and orders with items and prices.',
    sdl: shop,
  },
];

/** Schemas with access rules, for apps that call the API as their users. */
export const ruledTemplates: readonly Template[] = [
  {
    name: 'personal-todo',
    title: 'Personal to-do list',
    about: 'All users see and change only their own tasks.',
    sdl: personalTodo,
  },
  {
    name: 'blog-with-drafts',
    title: 'Blog with drafts',
    about: 'Everyone reads published posts. Authors also see their drafts.',
    sdl: blogWithDrafts,
  },
  {
    name: 'team-workspace',
    title: 'Team workspace',
    about: 'The role of a member in a team decides about its documents.',
    sdl: teamWorkspace,
  },
  {
    name: 'invitations',
    title: 'Invitations',
    about: 'Owners invite an email address, and its user joins the board.',
    sdl: invitations,
  },
  {
    name: 'chat-rooms',
    title: 'Chat rooms',
    about: 'Members read and write messages. All users can join open rooms.',
    sdl: chatRooms,
  },
  {
    name: 'public-form',
    title: 'Public form',
    about: 'Everyone can send a message. Only your team reads the messages.',
    sdl: publicForm,
  },
  {
    name: 'moderation',
    title: 'Moderation',
    about: 'Posts appear after a moderator has approved them.',
    sdl: moderation,
  },
  {
    name: 'team-directory',
    title: 'Team directory',
    about: 'All users see names. Email addresses are visible within a team.',
    sdl: teamDirectory,
  },
];
