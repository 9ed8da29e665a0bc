// Rows that arrive above the ones being read must not push them away: the scroll position moves by as much.
// At the very top nothing is held, so new rows come into sight.

import { type RefObject, useLayoutEffect, useRef } from 'react';

export interface KeepScrollOptions {
  readonly enabled: boolean;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly ids: readonly { readonly id: string }[];
  readonly rowHeight: number;
}

export function useKeepScroll({ enabled, scroller, ids, rowHeight }: KeepScrollOptions): void {
  const previousFirst = useRef<string | null>(null);
  const first = ids[0]?.id ?? null;
  useLayoutEffect(() => {
    const previous = previousFirst.current;
    previousFirst.current = first;
    const element = scroller.current;
    if (!enabled || previous === null || previous === first || element === null || element.scrollTop === 0)
      return;
    const added = ids.findIndex(row => row.id === previous);
    if (added > 0) element.scrollTop += added * rowHeight;
  }, [enabled, first, ids, rowHeight, scroller]);
}
