// What stands in place of a page whose own code failed.

import type { ErrorComponentProps } from '@tanstack/react-router';
import { Bug } from 'lucide-react';
import { Button } from '../components/ui/button.tsx';
import { CodeBlock } from '../components/ui/code-block.tsx';
import { EmptyState } from '../components/ui/states.tsx';
import { useTranslate } from '../lib/i18n/index.ts';

export function Failure({ error }: ErrorComponentProps) {
  const t = useTranslate();
  return (
    <EmptyState icon={<Bug size={20} />} title={t('failure.title')} text={t('failure.text')} isPage>
      <CodeBlock code={String(error)} label={t('failure.title')} />
      <Button onClick={() => location.reload()}>{t('failure.reload')}</Button>
    </EmptyState>
  );
}
