import { Handle, Position, useReactFlow, type NodeProps } from '@xyflow/react';
import { KeyRound, ShieldCheck } from 'lucide-react';
import type { FocusEvent, ReactNode } from 'react';

import type { OutlineField } from '#console/lib/sdl/outline.ts';
import { cn } from '#console/ui/cn.ts';

import { card, headHandle, type EnumNode, type TypeNode } from './picture-layout.ts';

/** A type with its fields. */
export function TypeCard({ id, data: { type, onGo, onRules } }: NodeProps<TypeNode>) {
  return (
    <Card id={id} onGo={() => onGo(type.line)} onRules={() => onRules(type.name)}>
      {type.fields.map((field) => (
        <FieldRow key={field.name} field={field} />
      ))}
    </Card>
  );
}

/** An enum with its values. */
export function EnumCard({ id, data: { of, onGo } }: NodeProps<EnumNode>) {
  return (
    <Card id={id} onGo={() => onGo(of.line)} isEnum>
      {of.values.map((value) => (
        <li key={value} className="flex items-center px-3" style={{ height: card.row }}>
          <span className="truncate text-quiet">{value}</span>
        </li>
      ))}
    </Card>
  );
}

interface CardProps {
  readonly id: string;
  readonly onGo: () => void;
  /** Opens the access rules of a model. */
  readonly onRules?: () => void;
  readonly isEnum?: boolean;
  readonly children: ReactNode;
}

function Card({ id, onGo, onRules, isEnum = false, children }: CardProps) {
  const { setCenter, getZoom, getNode } = useReactFlow();
  // Keyboard focus can move to a card outside the visible area, so center the focused card.
  const center = ({ target }: FocusEvent) => {
    const node = getNode(id);
    if (node === undefined || !target.matches(':focus-visible')) return;
    const { position, width = 0, height = 0 } = node;
    void setCenter(position.x + width / 2, position.y + height / 2, { zoom: getZoom() });
  };
  return (
    <div
      className={cn(
        'relative h-full overflow-hidden rounded-lg border bg-surface font-mono text-xs text-ink shadow-xs',
        isEnum ? 'border-dashed border-line-strong' : 'border-line-strong/60',
      )}
    >
      <button
        type="button"
        onClick={onGo}
        onFocus={center}
        style={{ height: card.head }}
        className={cn(
          'nodrag nopan flex w-full cursor-pointer items-center px-3 font-semibold -outline-offset-2',
          isEnum ? 'bg-sunken text-ink' : 'bg-accent-soft text-accent hover:text-accent-strong',
        )}
      >
        <span className="sr-only">Go to {isEnum ? 'enum' : 'type'} </span>
        <span className={cn('truncate', !isEnum && 'pr-8')}>{id}</span>
        {isEnum && (
          <span aria-hidden="true" className="ml-auto font-sans font-normal text-quiet">
            enum
          </span>
        )}
      </button>
      {onRules !== undefined && (
        <button
          type="button"
          onClick={onRules}
          onFocus={center}
          aria-label={`Access rules of ${id}`}
          title="Access rules"
          style={{ height: card.head }}
          className="nodrag nopan absolute top-0 right-0 grid w-9 cursor-pointer place-items-center rounded-tr-lg text-accent -outline-offset-2 hover:text-accent-strong"
        >
          <ShieldCheck aria-hidden="true" className="size-4" />
        </button>
      )}
      <Handle
        id={headHandle}
        type={isEnum ? 'target' : 'source'}
        position={isEnum ? Position.Left : Position.Right}
        {...(!isEnum && { style: { top: card.head / 2 } })}
        isConnectable={false}
      />
      <ul>{children}</ul>
    </div>
  );
}

function FieldRow({ field }: { field: OutlineField }) {
  const isInKey = field.role === 'ID';
  return (
    <li className="relative flex items-center gap-1.5 px-3" style={{ height: card.row }}>
      <Handle id={field.name} type="target" position={Position.Left} isConnectable={false} />
      <span className="min-w-0 flex-1 truncate">{field.name}</span>
      {(isInKey || field.unique) && (
        <KeyRound
          aria-label={isInKey ? 'primary key' : 'unique'}
          className={cn('size-3 shrink-0', isInKey ? 'text-accent' : 'text-quiet')}
        />
      )}
      <span
        className={cn(
          'max-w-28 truncate',
          field.kind === 'UNKNOWN' ? 'text-danger line-through' : 'text-quiet',
        )}
      >
        {field.written}
      </span>
      <Handle id={field.name} type="source" position={Position.Right} isConnectable={false} />
    </li>
  );
}
