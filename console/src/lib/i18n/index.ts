// The console's languages. Catalogs are typed objects of one shape, so a missing translation does not compile; the
// language not in use is not loaded.

import { type I18n, setupI18n } from '@lingui/core';
import { useLingui } from '@lingui/react';
import { useMemo } from 'react';
import type { Locale } from '../format.ts';
import { compileMessage } from './compile-message.ts';
import { en } from './en.ts';

export type MessageId = keyof typeof en;
export type Catalog = Readonly<Record<MessageId, string>>;
export type Translate = (id: MessageId, values?: Readonly<Record<string, string | number>>) => string;

const loaders: Record<Locale, () => Promise<Catalog>> = {
  en: async () => en,
  pt: async () => (await import('./pt.ts')).pt,
};

export const i18n: I18n = setupI18n();

export async function activateLocale(locale: Locale): Promise<void> {
  const catalog = await loaders[locale]();
  const messages = Object.entries(catalog).map(([id, message]) => [id, compileMessage(message)]);
  i18n.loadAndActivate({ locale, messages: Object.fromEntries(messages) });
  document.documentElement.lang = locale === 'pt' ? 'pt-BR' : 'en';
}

export function useTranslate(): Translate {
  const { i18n: active } = useLingui();
  const { locale } = active;
  // A new function for a new language, so that what was made with the old one is made again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the language is inside `active`, which stays the same object
  return useMemo<Translate>(() => (id, values) => active._({ id, values }) as string, [active, locale]);
}
