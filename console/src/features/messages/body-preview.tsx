// One line of a key or value. A null key, a tombstone (null value) and an empty text look different from each other.

import { clsx } from 'clsx';
import { Badge } from '../../components/ui/badge.tsx';
import type { Body } from '../../lib/api/types.ts';
import { useTranslate } from '../../lib/i18n/index.ts';
import { previewLine } from './preview-line.ts';

export function BodyPreview({ body, kind }: { body: Body | null; kind: 'key' | 'value' }) {
  const t = useTranslate();
  if (body === null) {
    return kind === 'value' ? (
      <Badge tone="warning">{t('messages.tombstone')}</Badge>
    ) : (
      <span className="text-xs text-faint italic">null</span>
    );
  }
  if (body.size === 0) return <span className="text-xs text-faint italic">{t('messages.empty')}</span>;
  if (body.encoding === 'base64') {
    return (
      <span className="mono text-xs text-muted">
        <Badge className="mr-2">{t('messages.binary')}</Badge>
        {previewLine(body)}
      </span>
    );
  }
  return (
    <span className={clsx('mono text-xs', kind === 'key' ? 'text-accent' : 'text-ink')}>
      {previewLine(body)}
    </span>
  );
}
