// Copies a text and says so, in the button and to screen readers.

import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { Button, IconButton } from './button.tsx';

export interface CopyButtonProps {
  readonly text: string | (() => string);
  readonly label: string;
  readonly icon?: ReactNode;
  /** Shows the label beside the icon. */
  readonly wide?: boolean;
  readonly className?: string;
}

const SHOWN_MS = 1_500;

export function CopyButton({ text, label, icon, wide = false, className }: CopyButtonProps) {
  const t = useTranslate();
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () =>
    setState((await copyText(typeof text === 'string' ? text : text())) ? 'copied' : 'failed');
  const shownIcon =
    state === 'copied' ? <Check size={14} className="text-success" /> : (icon ?? <Copy size={14} />);
  const shownLabel =
    state === 'copied' ? t('common.copied') : state === 'failed' ? t('common.copyFailed') : label;
  return (
    <>
      {wide ? (
        <Button variant="secondary" icon={shownIcon} onClick={copy} className={className}>
          {shownLabel}
        </Button>
      ) : (
        <IconButton label={shownLabel} icon={shownIcon} onClick={copy} className={className} />
      )}
      <span role="status" className="sr-only">
        {state === 'idle' ? '' : shownLabel}
      </span>
    </>
  );
}

/** The clipboard API exists on secure origins only; a console on http://host:8080 needs the old way. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'fixed top-0 left-0 opacity-0';
    const holder = document.querySelector('[role="dialog"]') ?? document.body;
    const focused = document.activeElement as HTMLElement | null;
    holder.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return copied;
  }
}
