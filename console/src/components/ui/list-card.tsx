// The frame of a list: as high as its rows, at most as high as the page leaves room.

import type { ReactNode } from 'react';

export function ListCard({ children }: { children: ReactNode }) {
  return (
    <div className="mx-6 mb-6 flex min-h-0 grow flex-col">
      <div className="flex min-h-0 flex-col overflow-hidden rounded-card border border-line bg-surface">
        {children}
      </div>
    </div>
  );
}
