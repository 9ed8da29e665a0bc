// `/`

import { Overview } from '../../features/overview/overview.tsx';
import { useTranslate } from '../../lib/i18n/index.ts';
import { PageTitle } from '../page-title.tsx';

export function OverviewPage() {
  const t = useTranslate();
  return (
    <>
      <PageTitle title={t('nav.overview')} />
      <Overview />
    </>
  );
}
