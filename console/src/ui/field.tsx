import { CircleAlert } from 'lucide-react';
import { cloneElement, type ReactElement, type ReactNode, useId } from 'react';

import { cn } from './cn.ts';

/** The attributes that connect a control with its label, help and error. */
export interface FieldControl {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

interface FieldProps {
  readonly label: ReactNode;
  readonly help?: ReactNode;
  readonly error?: ReactNode;
  /** Shows "optional" beside the label. All other fields are required. */
  readonly isOptional?: boolean;
  /** The control, or a function that renders it with these attributes. */
  readonly children: ReactElement<Partial<FieldControl>> | ((control: FieldControl) => ReactNode);
  readonly className?: string;
}

/** A form control with a label, help text and an error message. */
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
