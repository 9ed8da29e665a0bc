// A titled box of the overview.

import { clsx } from 'clsx';
import { type ReactNode, useId } from 'react';

export function Card({
  title,
  aside,
  children,
  className,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={clsx('rounded-card border border-line bg-surface', className)}>
      <header className="flex min-h-11 items-center justify-between gap-3 px-4 pt-1">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
