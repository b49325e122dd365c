import '@xyflow/react/dist/base.css';
import './model-picture.css';

import { Background, Controls, ReactFlow, useReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useEffect, useMemo } from 'react';

import type { SdlOutline } from '#console/lib/sdl/outline.ts';

import { EnumCard, TypeCard } from './picture-cards.tsx';
import { pictureOf, type Go, type OpenRules } from './picture-layout.ts';

/** The padding at the bottom leaves room for the controls. */
const fit = {
  padding: { top: '16px', left: '16px', right: '16px', bottom: '56px' },
  maxZoom: 1,
} as const;

const nodeTypes = { type: TypeCard, enum: EnumCard };

interface ModelPictureProps {
  readonly outline: SdlOutline;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

/** A schema diagram. Load it lazily. `OutlineList` has the same content for screen readers. */
export default function ModelPicture(props: ModelPictureProps) {
  return (
    <ReactFlowProvider>
      <Picture {...props} />
    </ReactFlowProvider>
  );
}

function Picture({ outline, onGo, onRules }: ModelPictureProps) {
  const { fitView } = useReactFlow();
  const { nodes, edges } = useMemo(
    () => pictureOf(outline, onGo, onRules),
    [outline, onGo, onRules],
  );
  const cards = nodes.map(({ id }) => id).join(' ');
  // Adding or removing a card moves the others, so the view must be fitted again.
  useEffect(() => {
    void fitView(fit);
  }, [cards, fitView]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      fitView
      fitViewOptions={fit}
      minZoom={0.1}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={false}
      className="model-picture"
    >
      <Background gap={20} />
      <Controls showInteractive={false} orientation="horizontal" />
    </ReactFlow>
  );
}
