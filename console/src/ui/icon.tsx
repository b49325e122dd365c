import { type ComponentType, isValidElement, type ReactNode } from 'react';

/** An icon as lucide-react exports it (`Plus`), or anything drawn already (`<Plus />`). */
export type IconSource = ComponentType<{ className?: string }> | ReactNode;

/** Decoration: the words beside it, or the control's label, say what it means. */
export function Icon({ source, className = 'size-4' }: { source: IconSource; className?: string }) {
  return (
    <span aria-hidden="true" className="inline-flex shrink-0">
      <Drawn source={source} className={className} />
    </span>
  );
}

function Drawn({ source: Source, className }: { source: IconSource; className: string }) {
  const isComponent =
    typeof Source === 'function' ||
    (typeof Source === 'object' && Source !== null && '$$typeof' in Source);
  if (!isComponent || isValidElement(Source)) return Source as ReactNode;
  // What is neither drawn nor a component was sent back above.
  const Component = Source as ComponentType<{ className?: string }>;
  return <Component className={className} />;
}
