// The title row of a page; it also names the browser's tab and takes the focus after a navigation.

import { type ReactNode, useEffect } from 'react';

export interface PageTitleProps {
  readonly title: string;
  /** Stands right behind the title. */
  readonly beside?: ReactNode;
  readonly actions?: ReactNode;
  readonly mono?: boolean;
}

export function PageTitle({ title, beside, actions }: PageTitleProps) {
  useEffect(() => {
    document.title = `${title} · Millrace`;
  }, [title]);
  return (
    <div className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-2 px-6 pt-4 pb-3">
      <div className="flex min-w-0 items-center gap-2">
        <h1 className="min-w-0 text-2xl font-semibold tracking-[-0.015em] break-all">{title}</h1>
        {beside}
      </div>
      {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </div>
  );
}
