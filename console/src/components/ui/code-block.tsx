// A snippet to copy. Text only: nothing in it is ever interpreted.

import { clsx } from 'clsx';
import { useTranslate } from '../../lib/i18n/index.ts';
import { CopyButton } from './copy-button.tsx';

export function CodeBlock({ code, label, className }: { code: string; label: string; className?: string }) {
  const t = useTranslate();
  return (
    <div className={clsx('relative w-full rounded-card border border-line bg-code text-left', className)}>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="ring-inside overflow-x-auto rounded-card px-3.5 py-3 pr-11 text-xs leading-5"
      >
        <code>{code}</code>
      </pre>
      <CopyButton text={code} label={t('common.copy')} className="absolute top-1.5 right-1.5 bg-code!" />
    </div>
  );
}
