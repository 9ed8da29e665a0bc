// What a person chose for this browser: theme, language, time zone, sidebar, the message panel, recent topics. Kept in
// localStorage under one key, which public/theme.js reads too. Never holds anything of the cluster but topic names.

import { useSyncExternalStore } from 'react';
import type { Locale, TimeZoneChoice } from './format.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly theme: Theme;
  readonly locale: Locale | null;
  readonly timeZone: TimeZoneChoice;
  readonly sidebarCollapsed: boolean;
  readonly detailWidth: number;
  /** How a key or value is shown, where its content allows it. */
  readonly bodyView: 'tree' | 'pretty' | 'text' | 'hex' | 'base64';
  readonly recentTopics: readonly string[];
}

const STORAGE_KEY = 'millrace.preferences';
const RECENT_TOPICS_MAX = 6;
const DEFAULTS: Preferences = {
  theme: 'system',
  locale: null,
  timeZone: 'local',
  sidebarCollapsed: false,
  detailWidth: 520,
  bodyView: 'tree',
  recentTopics: [],
};

const listeners = new Set<() => void>();
let current: Preferences = read();

function read(): Preferences {
  try {
    return {
      ...DEFAULTS,
      ...(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Preferences>),
    };
  } catch {
    return DEFAULTS;
  }
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(current));
  } catch {
    // Blocked or full storage: the choice holds until the tab closes.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const onStorage = (event: StorageEvent) => {
    if (event.key !== STORAGE_KEY) return;
    current = read();
    listener();
  };
  addEventListener('storage', onStorage);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', onStorage);
  };
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

export function rememberTopic(name: string): void {
  const others = current.recentTopics.filter(topic => topic !== name);
  setPreferences({ recentTopics: [name, ...others].slice(0, RECENT_TOPICS_MAX) });
}

export function forgetTopic(name: string): void {
  setPreferences({ recentTopics: current.recentTopics.filter(topic => topic !== name) });
}

export function preferredLocale(): Locale {
  if (current.locale !== null) return current.locale;
  return navigator.language.toLowerCase().startsWith('pt') ? 'pt' : 'en';
}

/** Keeps the document's theme in step with the choice and with the system. */
export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const dark = current.theme === 'dark' || (current.theme === 'system' && system.matches);
    document.documentElement.classList.toggle('dark', dark);
  };
  apply();
  subscribe(apply);
  system.addEventListener('change', apply);
}
