// A bar that holds the place of a value that is still on its way.

import { clsx } from 'clsx';

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={clsx('breathe inline-block h-3 rounded-[4px] bg-line', className)} />;
}
