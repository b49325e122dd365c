import { fieldOf, id, model, type Case } from './definition-cases.ts';

/** Schemas with `@live` that are not valid. */
export const liveCases: readonly Case[] = [
  ['NOT_A_MODEL', '@live on another type', `type «A @live { ${id} }`],
  ['BAD_CLAIMS_TYPE', '@live on claims', 'type A @claims «@live { role: String }'],
  ['UNKNOWN_DIRECTIVE', '@live on a field', fieldOf('Int', '«@live')],
  ['DUPLICATE_DIRECTIVE', '@live twice', model('A', '', '@live «@live')],
  [
    'NAME_RESERVED',
    'the enum of operations, if a model is live',
    `${model('A', '', '@live')} enum «ChangeOperation { X }`,
  ],
  [
    'NAME_COLLISION',
    'the type of changes',
    `${model('A', '', '@live')} type «AChange @model(plural: "changed") { ${id} }`,
  ],
  [
    'NAME_COLLISION',
    'the subscription to changes',
    `type «A @model @live { ${id} } type B @model(plural: "aChanges") { ${id} }`,
  ],
  [
    'NAME_COLLISION',
    'the query for a cursor',
    `${model('A', '', '@live')} type «B @model(plural: "changesCursor") { ${id} }`,
  ],
  [
    'NAME_COLLISION',
    'the root type of subscriptions',
    `${model('Subscription', '', '@live')} type «SubscriptionRoot @model { ${id} }`,
  ],
];
