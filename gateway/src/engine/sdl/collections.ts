/** Freezes a tree of plain objects and arrays at all levels. */
export function deepFreeze<Tree>(tree: Tree): Tree {
  if (typeof tree === 'object' && tree !== null && !Object.isFrozen(tree)) {
    Object.freeze(tree);
    Object.values(tree).forEach(deepFreeze);
  }
  return tree;
}

/** Groups items by key, in the order in which the keys first appear. (`Map.groupBy` requires Node 21.) */
export function groupBy<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
