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
