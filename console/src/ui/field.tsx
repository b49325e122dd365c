import { CircleAlert } from 'lucide-react';
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';

import { cn } from './cn.ts';

/** What ties a control to its label, its help and its error. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  /** Said beside the label; what is not optional is required. */
  readonly isOptional?: boolean;
  /** One control, or a function that draws it with what it is to be given. */
  readonly children: ReactElement<Partial<FieldControl>> | ((control: FieldControl) => ReactNode);
  readonly className?: string;
}

/** A label, its control, what helps to fill it in, and what is wrong with it. */
export function Field({ label, help, error, isOptional, children, className }: FieldProps) {
  const ownId = useId();
  const id = (typeof children === 'function' ? undefined : children.props.id) ?? ownId;
  const isWrong = isShown(error);
  const control: FieldControl = {
    id,
    'aria-describedby':
      [isShown(help) && `${id}-help`, isWrong && `${id}-error`].filter(Boolean).join(' ') ||
      undefined,
    'aria-invalid': isWrong || undefined,
  };
  return (
    <div className={cn('flex min-w-0 flex-col gap-1.5', className)}>
      <label htmlFor={id} className="w-fit font-medium text-ink">
        {label}
        {isOptional === true && <span className="ml-1.5 font-normal text-quiet">optional</span>}
      </label>
      {typeof children === 'function' ? children(control) : cloneElement(children, control)}
      {isShown(help) && (
        <p id={`${id}-help`} className="text-[0.8125rem] text-pretty text-quiet">
          {help}
        </p>
      )}
      {isWrong && (
        <p id={`${id}-error`} className="flex gap-1.5 text-[0.8125rem] text-danger">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
          <span className="min-w-0 wrap-anywhere">{error}</span>
        </p>
      )}
    </div>
  );
}

const isShown = (node: ReactNode): boolean =>
  node !== undefined && node !== null && node !== false && node !== '';
