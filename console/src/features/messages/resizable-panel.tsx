// The panel at the right, whose width people drag (or set with the arrow keys) and which remembers it.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { setPreferences, usePreferences } from '../../lib/preferences.ts';

export interface ResizablePanelProps {
  readonly label: string;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly children: ReactNode;
}

const WIDTH_MIN = 320;
const WIDTH_MAX = 1_200;
const STEP = 32;
const clampWidth = (width: number) => Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, Math.round(width)));

export function ResizablePanel({ label, onKeyDown, children }: ResizablePanelProps) {
  const t = useTranslate();
  const { detailWidth } = usePreferences();
  const [dragged, setDragged] = useState<number | null>(null);
  const width = dragged ?? detailWidth;

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const from = event.clientX;
    event.currentTarget.setPointerCapture(event.pointerId);
    const handle = event.currentTarget;
    let latest = width;
    const onMove = (move: globalThis.PointerEvent) => {
      latest = clampWidth(width + from - move.clientX);
      setDragged(latest);
    };
    const onUp = () => {
      handle.removeEventListener('pointermove', onMove);
      setPreferences({ detailWidth: latest });
      setDragged(null);
    };
    handle.addEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', onUp, { once: true });
    handle.addEventListener('pointercancel', onUp, { once: true });
  };
  const onHandleKey = (event: KeyboardEvent) => {
    const change = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    setPreferences({ detailWidth: clampWidth(width + change) });
  };

  return (
    <aside
      aria-label={label}
      onKeyDown={onKeyDown}
      style={{ width }}
      className="relative flex max-w-[55%] min-w-0 shrink-0 flex-col border-l border-line bg-surface"
    >
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={t('record.resize')}
        aria-valuenow={width}
        aria-valuemin={WIDTH_MIN}
        aria-valuemax={WIDTH_MAX}
        onPointerDown={onPointerDown}
        onKeyDown={onHandleKey}
        className="absolute top-0 -left-[3px] z-10 h-full w-[6px] cursor-col-resize touch-none hover:bg-accent/40 focus-visible:bg-accent/40"
      />
      {children}
    </aside>
  );
}
