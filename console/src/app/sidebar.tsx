// The sidebar: where to go, and what is set for this browser. 256 px, or 56 px of icons.

import { Link } from '@tanstack/react-router';
import { clsx } from 'clsx';
import { BookOpen, Gauge, Keyboard, Layers, PanelLeft, Settings2 } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Tip } from '../components/ui/tip.tsx';
import { basePath } from '../lib/api/request.ts';
import { useTranslate } from '../lib/i18n/index.ts';
import { Logo } from './logo.tsx';
import { SettingsMenu } from './settings-menu.tsx';

export interface SidebarProps {
  readonly collapsed: boolean;
  readonly canToggle: boolean;
  readonly onToggle: () => void;
  readonly onShowShortcuts: () => void;
}

const itemClass =
  'ring-inside flex h-9 w-full items-center gap-3 rounded-control px-3 text-sm text-sidebar-ink hover:bg-white/8 hover:text-white aria-[current=page]:bg-white/12 aria-[current=page]:font-medium aria-[current=page]:text-white focus-visible:outline-white';

function Item({
  collapsed,
  label,
  children,
}: {
  collapsed: boolean;
  label: string;
  children: ReactElement;
}): ReactNode {
  return collapsed ? (
    <Tip text={label} side="right">
      {children}
    </Tip>
  ) : (
    children
  );
}

export function Sidebar({ collapsed, canToggle, onToggle, onShowShortcuts }: SidebarProps) {
  const t = useTranslate();
  const text = (label: string) => <span className={clsx('truncate', collapsed && 'sr-only')}>{label}</span>;
  return (
    <aside
      aria-label={t('nav.sidebar')}
      className={clsx(
        'flex shrink-0 flex-col border-r border-sidebar-line bg-sidebar px-2 pb-3',
        collapsed ? 'w-14' : 'w-64',
      )}
    >
      <Link
        to="/"
        className="ring-inside flex h-14 shrink-0 items-center gap-2.5 rounded-control px-2 focus-visible:outline-white"
        aria-label={t('nav.home')}
      >
        <Logo />
        <span className={clsx('text-lg font-semibold tracking-[-0.01em] text-white', collapsed && 'sr-only')}>
          Millrace
        </span>
      </Link>
      <nav aria-label={t('nav.main')} className="space-y-0.5 pt-1">
        <Item collapsed={collapsed} label={t('nav.overview')}>
          <Link to="/" activeOptions={{ exact: true }} className={itemClass}>
            <Gauge size={16} aria-hidden className="shrink-0" />
            {text(t('nav.overview'))}
          </Link>
        </Item>
        <Item collapsed={collapsed} label={t('nav.topics')}>
          <Link to="/topics" activeOptions={{ includeSearch: false }} className={itemClass}>
            <Layers size={16} aria-hidden className="shrink-0" />
            {text(t('nav.topics'))}
          </Link>
        </Item>
      </nav>
      <div className="mt-auto space-y-0.5">
        <Item collapsed={collapsed} label={t('nav.apiReference')}>
          <a href={`${basePath}docs`} target="_blank" rel="noreferrer" className={itemClass}>
            <BookOpen size={16} aria-hidden className="shrink-0" />
            {text(t('nav.apiReference'))}
          </a>
        </Item>
        <Item collapsed={collapsed} label={t('nav.shortcuts')}>
          <button type="button" onClick={onShowShortcuts} className={itemClass}>
            <Keyboard size={16} aria-hidden className="shrink-0" />
            {text(t('nav.shortcuts'))}
          </button>
        </Item>
        <SettingsMenu
          trigger={
            <button type="button" className={itemClass} title={collapsed ? t('nav.settings') : undefined}>
              <Settings2 size={16} aria-hidden className="shrink-0" />
              {text(t('nav.settings'))}
            </button>
          }
        />
        {canToggle && (
          <Item collapsed={collapsed} label={t(collapsed ? 'nav.expand' : 'nav.collapse')}>
            <button
              type="button"
              onClick={onToggle}
              aria-expanded={!collapsed}
              aria-keyshortcuts="Control+B"
              className={itemClass}
            >
              <PanelLeft size={16} aria-hidden className="shrink-0" />
              {text(t(collapsed ? 'nav.expand' : 'nav.collapse'))}
            </button>
          </Item>
        )}
      </div>
    </aside>
  );
}
