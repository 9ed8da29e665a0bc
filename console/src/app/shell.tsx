// The frame of every page: sidebar, top bar with breadcrumb and cluster, the banner when something is down.

import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslate } from '../lib/i18n/index.ts';
import { setPreferences, usePreferences } from '../lib/preferences.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import { ClusterBanner } from './cluster-banner.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';

/** Below this the sidebar shows icons only, whatever was chosen: the content needs the room. */
const NARROW = '(max-width: 1080px)';

function useIsNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const onChange = () => setNarrow(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return narrow;
}

const TOPIC_TAB = /\/(partitions|configuration)?\/?$/;

/** After a change of page the focus is at its beginning, as after loading one. Tabs of a topic are one page. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: state => state.location.pathname.replace(TOPIC_TAB, '') });
  const shownPath = useRef(path);
  useEffect(() => {
    if (shownPath.current === path) return;
    shownPath.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

export function Shell() {
  const t = useTranslate();
  const { sidebarCollapsed } = usePreferences();
  const narrow = useIsNarrow();
  const collapsed = sidebarCollapsed || narrow;
  const main = useFocusOnNavigation();
  const [helpOpen, setHelpOpen] = useState(false);
  const toggle = () => setPreferences({ sidebarCollapsed: !sidebarCollapsed });
  useShortcut('b', toggle, { withControl: true });
  useShortcut('?', () => setHelpOpen(true));
  return (
    <div className="flex h-full">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-control focus:bg-surface focus:px-3 focus:py-2"
      >
        {t('nav.skip')}
      </a>
      <Sidebar
        collapsed={collapsed}
        onToggle={toggle}
        canToggle={!narrow}
        onShowShortcuts={() => setHelpOpen(true)}
      />
      <div className="flex min-w-0 grow flex-col">
        <TopBar />
        <ClusterBanner />
        <main ref={main} id="content" tabIndex={-1} className="flex min-h-0 grow flex-col outline-none">
          <Outlet />
        </main>
      </div>
      <ShortcutsDialog open={helpOpen} onOpenChange={setHelpOpen} />
    </div>
  );
}
