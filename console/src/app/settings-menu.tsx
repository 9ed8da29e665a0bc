// Theme, language and time zone, kept in this browser.

import type { ReactElement } from 'react';
import { MenuFrame, MenuSeparator, RadioChoices } from '../components/ui/choice-menu.tsx';
import type { Locale } from '../lib/format.ts';
import { activateLocale, useTranslate } from '../lib/i18n/index.ts';
import { setPreferences, usePreferences } from '../lib/preferences.ts';
import { useFormat } from '../lib/use-format.ts';

export function SettingsMenu({ trigger }: { trigger: ReactElement }) {
  const t = useTranslate();
  const { locale } = useFormat();
  const { theme, timeZone } = usePreferences();
  const chooseLocale = (next: Locale) => {
    setPreferences({ locale: next });
    void activateLocale(next);
  };
  return (
    <MenuFrame trigger={trigger} side="top" align="start">
      <RadioChoices
        label={t('settings.theme')}
        value={theme}
        onChange={next => setPreferences({ theme: next })}
        choices={[
          { value: 'system', label: t('settings.themeSystem') },
          { value: 'light', label: t('settings.themeLight') },
          { value: 'dark', label: t('settings.themeDark') },
        ]}
      />
      <MenuSeparator />
      <RadioChoices
        label={t('settings.language')}
        value={locale}
        onChange={chooseLocale}
        choices={[
          { value: 'en', label: <span lang="en">English</span> },
          { value: 'pt', label: <span lang="pt-BR">Português</span> },
        ]}
      />
      <MenuSeparator />
      <RadioChoices
        label={t('settings.timeZone')}
        value={timeZone}
        onChange={next => setPreferences({ timeZone: next })}
        choices={[
          {
            value: 'local',
            label: t('settings.timeLocal', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
          },
          { value: 'utc', label: 'UTC' },
        ]}
      />
    </MenuFrame>
  );
}
