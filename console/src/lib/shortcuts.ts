// Keyboard shortcuts of the whole page. A plain key never acts while somebody types or a dialog is open.

import { useEffect } from 'react';

export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  const target = event.target as HTMLElement | null;
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return target?.closest('input, textarea, select, [contenteditable]') !== null && target !== null;
}

export function useShortcut(key: string, act: () => void, options: { withControl?: boolean } = {}): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key) return;
      if (options.withControl ? !(event.ctrlKey || event.metaKey) : isTyping(event)) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
