// A dialog: title, body, a row of actions at the bottom. Focus goes in, stays in, and returns to where it was.

import { Dialog } from '@base-ui/react/dialog';
import { clsx } from 'clsx';
import { X } from 'lucide-react';
import type { FormEvent, ReactNode, RefObject } from 'react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { IconButton } from './button.tsx';

export interface ModalProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  readonly onSubmit?: () => void;
  readonly wide?: boolean;
  readonly initialFocus?: RefObject<HTMLElement | null>;
}

export function Modal(props: ModalProps) {
  const t = useTranslate();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    props.onSubmit?.();
  };
  return (
    // A click beside the dialog must not throw away what was typed; Escape and Close are plain enough.
    <Dialog.Root open={props.open} onOpenChange={props.onOpenChange} disablePointerDismissal>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Dialog.Popup
          {...(props.initialFocus === undefined ? {} : { initialFocus: props.initialFocus })}
          className={clsx(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100vh-48px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 flex-col',
            'rounded-[12px] border border-line bg-surface shadow-[0_16px_48px_rgb(0_0_0/20%)]',
            'transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0',
            props.wide ? 'max-w-[720px]' : 'max-w-[520px]',
          )}
        >
          <form className="flex min-h-0 flex-col" onSubmit={submit} noValidate>
            <header className="flex items-start gap-3 px-5 pt-4 pb-3">
              <div className="min-w-0 grow">
                <Dialog.Title className="text-lg font-semibold tracking-[-0.01em]">
                  {props.title}
                </Dialog.Title>
                {props.description !== undefined && (
                  <Dialog.Description className="mt-0.5 text-sm text-muted" render={<div />}>
                    {props.description}
                  </Dialog.Description>
                )}
              </div>
              <Dialog.Close
                render={<IconButton label={t('common.close')} icon={<X size={16} />} tip={false} />}
              />
            </header>
            <div className="min-h-0 grow space-y-4 overflow-y-auto px-5 pt-1 pb-4">{props.children}</div>
            <footer className="flex items-center justify-end gap-2 border-t border-line px-5 py-3">
              {props.actions}
            </footer>
          </form>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
