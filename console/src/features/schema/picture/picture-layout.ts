import { graphlib, layout } from '@dagrejs/dagre';
import type { Edge, Node } from '@xyflow/react';

import type { OutlineEnum, OutlineType, SdlOutline } from '#console/lib/sdl/outline.ts';

export type TypeNode = Node<
  { readonly type: OutlineType; readonly onGo: Go; readonly onRules: OpenRules },
  'type'
>;
export type EnumNode = Node<{ readonly of: OutlineEnum; readonly onGo: Go }, 'enum'>;
export type PictureNode = TypeNode | EnumNode;

/** Moves the editor cursor to a line, counted from 1. */
export type Go = (line: number) => void;

/** Opens the access rules of a model. */
export type OpenRules = (model: string) => void;

/** Card sizes in pixels. `picture-cards.tsx` draws the cards at these sizes. */
export const card = { width: 248, head: 36, row: 24, foot: 8 } as const;

const heightOf = (rows: number): number => card.head + rows * card.row + card.foot;

/** Computes the diagram's nodes and edges. Dagre ranks the nodes from left to right by their relations. */
export function pictureOf(outline: SdlOutline, onGo: Go, onRules: OpenRules) {
  const nodes: PictureNode[] = [
    ...outline.types.map((type): TypeNode => {
      const size = { width: card.width, height: heightOf(type.fields.length) };
      return { id: type.name, type: 'type', data: { type, onGo, onRules }, ...size, ...unplaced };
    }),
    ...outline.enums.map((of): EnumNode => {
      const size = { width: card.width - 64, height: heightOf(of.values.length) };
      return { id: of.name, type: 'enum', data: { of, onGo }, ...size, ...unplaced };
    }),
  ];
  const edges = [...relationEdges(outline), ...enumEdges(outline)];
  return { nodes: placed(nodes, edges), edges };
}

/** React Flow ignores the pointer on cards that cannot be moved or selected, unless they have this style. */
const unplaced = { position: { x: 0, y: 0 }, style: { pointerEvents: 'all' } } as const;

const cardinalities = { ONE_TO_MANY: '1 : n', ONE_TO_ONE: '1 : 1', MANY_TO_MANY: 'n : m' } as const;

/** The connection point of a card that belongs to no field. Fields cannot have this name. */
export const headHandle = '(head)';

function relationEdges({ relations }: SdlOutline): readonly Edge[] {
  return relations.map(({ kind, from, to }) => ({
    id: `${from.type}.${from.field ?? ''} ${to.type}.${to.field}`,
    source: from.type,
    sourceHandle: from.field ?? headHandle,
    target: to.type,
    targetHandle: to.field,
    label: cardinalities[kind],
    // A self-relation drawn as a curve would run behind the card.
    ...(from.type === to.type ? { type: 'smoothstep' } : {}),
  }));
}

function enumEdges({ types }: SdlOutline): readonly Edge[] {
  return types.flatMap((type) =>
    type.fields
      .filter(({ kind }) => kind === 'ENUM')
      .map((field) => ({
        id: `${type.name}.${field.name}`,
        source: type.name,
        sourceHandle: field.name,
        target: field.type,
        targetHandle: headHandle,
        style: { strokeDasharray: '4 4' },
      })),
  );
}

function placed(nodes: readonly PictureNode[], edges: readonly Edge[]): PictureNode[] {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 32, ranksep: 96, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width = 0, height = 0 } of nodes) graph.setNode(id, { width, height });
  // A self-relation has no effect on a card's position.
  for (const { id, source, target } of edges) {
    if (source !== target) graph.setEdge(source, target, {}, id);
  }
  layout(graph);
  return nodes.map((node) => {
    const { x = 0, y = 0 } = graph.node(node.id) as { x?: number; y?: number };
    const { width = 0, height = 0 } = node;
    return { ...node, position: { x: x - width / 2, y: y - height / 2 } };
  });
}
