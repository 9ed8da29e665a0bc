// Form fields: a label that belongs to its control, a hint, and the error in its place when there is one.

import { clsx } from 'clsx';
import { type ComponentPropsWithRef, type ReactNode, useId } from 'react';

export const controlClass =
  'w-full rounded-control border border-line-strong bg-surface px-2.5 text-sm text-ink placeholder:text-faint ' +
  'disabled:cursor-not-allowed disabled:bg-sunken disabled:text-faint aria-invalid:border-danger';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  /** Stands at the right end of the label's line. */
  readonly aside?: ReactNode;
}

interface FieldFrameProps extends FieldProps {
  readonly id: string;
  readonly children: ReactNode;
}

function FieldFrame({ id, label, hint, error, aside, children }: FieldFrameProps) {
  return (
    <div>
      <div className="mb-1 flex min-h-5 items-center justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {aside}
      </div>
      {children}
      {error ? (
        <p id={`${id}-note`} role="alert" className="mt-1 text-xs text-danger">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-note`} className="mt-1 text-xs text-faint">
            {hint}
          </p>
        )
      )}
    </div>
  );
}

export type TextFieldProps = FieldProps & ComponentPropsWithRef<'input'>;

export function TextField({ label, hint, error, aside, className, ...rest }: TextFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error ?? null} aside={aside}>
      <input
        autoComplete="off"
        spellCheck={false}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
        className={clsx(controlClass, 'h-8', className)}
      />
    </FieldFrame>
  );
}

export type TextAreaFieldProps = FieldProps & ComponentPropsWithRef<'textarea'>;

export function TextAreaField({ label, hint, error, aside, className, ...rest }: TextAreaFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error ?? null} aside={aside}>
      <textarea
        spellCheck={false}
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
        className={clsx(controlClass, 'mono block resize-y py-1.5 leading-5', className)}
      />
    </FieldFrame>
  );
}

export type SelectFieldProps = FieldProps & ComponentPropsWithRef<'select'>;

export function SelectField({ label, hint, error, aside, className, children, ...rest }: SelectFieldProps) {
  const id = useId();
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error ?? null} aside={aside}>
      <select {...rest} id={id} className={clsx(controlClass, 'h-8 pr-7', className)}>
        {children}
      </select>
    </FieldFrame>
  );
}

export interface CheckboxProps extends Omit<ComponentPropsWithRef<'input'>, 'type'> {
  readonly label: ReactNode;
}

export function Checkbox({ label, className, ...rest }: CheckboxProps) {
  return (
    <label className={clsx('inline-flex items-center gap-2 text-sm text-muted select-none', className)}>
      <input {...rest} type="checkbox" className="size-3.5 accent-accent" />
      {label}
    </label>
  );
}
