import { type ComponentType, isValidElement, type ReactNode } from 'react';

/** A lucide-react icon (`Plus`) or a React node (`<Plus />`). */
export type IconSource = ComponentType<{ className?: string }> | ReactNode;

/** A decorative icon. The text beside it or the control's label must convey the meaning. */
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
  // Everything that is not a component was returned above.
  const Component = Source as ComponentType<{ className?: string }>;
  return <Component className={className} />;
}
