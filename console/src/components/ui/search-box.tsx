// A search field with a clear button. "/" anywhere on the page puts the cursor into it; Escape clears it.

import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { isTyping } from '../../lib/shortcuts.ts';

export interface SearchBoxProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Moves on to the list below. */
  readonly onLeave?: () => void;
}

export function SearchBox({ label, value, onChange, onLeave }: SearchBoxProps) {
  const t = useTranslate();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event)) return;
      event.preventDefault();
      input.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && value !== '') {
      event.preventDefault();
      onChange('');
    }
    if ((event.key === 'ArrowDown' || event.key === 'Enter') && onLeave) {
      event.preventDefault();
      onLeave();
    }
  };
  return (
    <div className="relative w-80 max-w-full">
      <Search size={15} aria-hidden className="pointer-events-none absolute top-2 left-2.5 text-faint" />
      <input
        ref={input}
        type="text"
        role="searchbox"
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder={label}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={event => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-8 w-full rounded-control border border-line-strong bg-surface pr-8 pl-8 text-sm placeholder:text-faint"
      />
      {value === '' ? (
        <kbd
          aria-hidden
          className="absolute top-1.5 right-2 rounded-[4px] border border-line px-1.5 text-xs leading-4.5 text-faint"
        >
          /
        </kbd>
      ) : (
        <button
          type="button"
          aria-label={t('common.clearSearch')}
          onClick={() => {
            onChange('');
            input.current?.focus();
          }}
          className="absolute top-1 right-1 inline-flex size-6 items-center justify-center rounded-control text-faint hover:text-ink"
        >
          <X size={14} />
        </button>
      )}
    </div>
  );
}
