// An address that leads nowhere.

import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { useEffect } from 'react';
import { buttonClass } from '../components/ui/button.tsx';
import { EmptyState } from '../components/ui/states.tsx';
import { useTranslate } from '../lib/i18n/index.ts';

export function NotFound() {
  const t = useTranslate();
  useEffect(() => {
    document.title = `${t('notFound.title')} · Millrace`;
  }, [t]);
  return (
    <EmptyState icon={<SearchX size={20} />} title={t('notFound.title')} text={t('notFound.text')} isPage>
      <Link to="/" className={buttonClass('secondary')}>
        {t('notFound.home')}
      </Link>
    </EmptyState>
  );
}
