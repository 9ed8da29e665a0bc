// The keys, on one page.

import { Button } from '../components/ui/button.tsx';
import { Modal } from '../components/ui/modal.tsx';
import { type MessageId, useTranslate } from '../lib/i18n/index.ts';

const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly text: MessageId }[] = [
  { keys: ['/'], text: 'shortcuts.search' },
  { keys: ['↑', '↓'], text: 'shortcuts.move' },
  { keys: ['Enter'], text: 'shortcuts.open' },
  { keys: ['Esc'], text: 'shortcuts.close' },
  { keys: ['P'], text: 'shortcuts.pause' },
  { keys: ['Ctrl', 'Enter'], text: 'shortcuts.produce' },
  { keys: ['Ctrl', 'B'], text: 'shortcuts.sidebar' },
  { keys: ['?'], text: 'shortcuts.help' },
];

export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const t = useTranslate();
  return (
    <Modal
      open={open}
      onOpenChange={onOpenChange}
      title={t('nav.shortcuts')}
      onSubmit={() => onOpenChange(false)}
      actions={
        <Button type="submit" variant="primary">
          {t('common.close')}
        </Button>
      }
    >
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2 text-sm">
        {SHORTCUTS.map(({ keys, text }) => (
          <div key={text} className="contents">
            <dt className="flex gap-1">
              {keys.map(key => (
                <kbd
                  key={key}
                  className="min-w-6 rounded-[4px] border border-line-strong bg-sunken px-1.5 text-center text-xs leading-5"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{t(text)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
