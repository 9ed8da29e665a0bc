// What stands in place of data: nothing yet, nothing matches, or an error with the server's own sentence.

import { clsx } from 'clsx';
import { CircleAlert, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiError, NO_ANSWER } from '../../lib/api/request.ts';
import { type Translate, useTranslate } from '../../lib/i18n/index.ts';
import { Button } from './button.tsx';

export interface EmptyStateProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly text?: ReactNode;
  readonly children?: ReactNode;
  /** The page has no other title. */
  readonly isPage?: boolean;
}

export function EmptyState({ icon, title, text, children, isPage = false }: EmptyStateProps) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className="mx-auto flex w-full max-w-[640px] flex-col items-center gap-1 px-6 py-12 text-center">
      <div
        aria-hidden
        className="mb-2 flex size-10 items-center justify-center rounded-full bg-accent-soft text-accent"
      >
        {icon}
      </div>
      <Title className="font-semibold">{title}</Title>
      {text !== undefined && <p className="text-sm text-muted">{text}</p>}
      {children !== undefined && (
        <div className="mt-4 flex w-full flex-col items-center gap-3">{children}</div>
      )}
    </div>
  );
}

export function messageOf(error: unknown, t: Translate): { message: string; hint: string | null } {
  if (error instanceof ApiError) {
    if (error.code === NO_ANSWER) return { message: t('error.noAnswer'), hint: t('error.noAnswerHint') };
    return { message: error.message, hint: error.hint };
  }
  return { message: error instanceof Error ? error.message : String(error), hint: null };
}

export interface ErrorStateProps {
  readonly error: unknown;
  readonly title: string;
  readonly onRetry?: () => void;
  readonly busy?: boolean;
  /** On the page itself rather than inside a card. */
  readonly onPage?: boolean;
}

export function ErrorState({ error, title, onRetry, busy = false, onPage = false }: ErrorStateProps) {
  const t = useTranslate();
  const { message, hint } = messageOf(error, t);
  return (
    <div
      role="alert"
      className={clsx(
        onPage ? 'mx-6 my-4' : 'm-4',
        'flex gap-3 rounded-card border border-danger/35 bg-danger-soft px-4 py-3 text-sm',
      )}
    >
      <CircleAlert size={18} aria-hidden className="mt-px shrink-0 text-danger" />
      <div className="min-w-0 grow">
        <p className="font-semibold">{title}</p>
        <p className="mt-0.5 break-words text-ink">{message}</p>
        {hint !== null && <p className="mt-0.5 break-words text-muted">{hint}</p>}
        {onRetry !== undefined && (
          <Button className="mt-3" icon={<RotateCw size={14} />} onClick={onRetry} busy={busy}>
            {t('common.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The error of a form, above its buttons. */
export function FormError({ error }: { error: unknown }) {
  const t = useTranslate();
  if (error === null || error === undefined) return null;
  const { message, hint } = messageOf(error, t);
  return (
    <div
      role="alert"
      className="flex gap-2 rounded-control border border-danger/35 bg-danger-soft px-3 py-2 text-sm"
    >
      <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-danger" />
      <div className="min-w-0">
        <p className="break-words">{message}</p>
        {hint !== null && <p className="break-words text-muted">{hint}</p>}
      </div>
    </div>
  );
}
