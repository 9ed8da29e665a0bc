// Short confirmations in the corner. An error that needs an answer is shown in its place, never here.

import { Toast } from '@base-ui/react/toast';
import { CircleCheck, X } from 'lucide-react';
import { useTranslate } from '../../lib/i18n/index.ts';
import { IconButton } from './button.tsx';

export const toasts = Toast.createToastManager();

export function Toaster() {
  return (
    <Toast.Provider toastManager={toasts} timeout={5_000} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="fixed right-5 bottom-5 z-50 flex w-[360px] max-w-[calc(100vw-40px)] flex-col gap-2 outline-none">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const t = useTranslate();
  const { toasts: shown } = Toast.useToastManager();
  return shown.map(toast => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="rounded-card border border-line bg-surface shadow-[0_8px_24px_rgb(0_0_0/14%)] transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-start gap-2.5 px-3.5 py-3 text-sm">
        <CircleCheck size={17} aria-hidden className="mt-0.5 shrink-0 text-success" />
        <div className="min-w-0 grow">
          <Toast.Title className="font-medium break-words" render={<p />} />
          <Toast.Description className="break-words text-muted" />
        </div>
        <Toast.Close
          render={
            <IconButton
              label={t('common.close')}
              icon={<X size={14} />}
              tip={false}
              className="-mt-1 -mr-1.5"
            />
          }
        />
      </Toast.Content>
    </Toast.Root>
  ));
}
