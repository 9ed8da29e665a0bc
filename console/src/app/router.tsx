// The addresses of the console. Their search parts are validated here, so every view can be linked to. Pages with
// tables are loaded when first opened.

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { readMessagesSearch } from '../features/messages/messages-search.ts';
import { basePath } from '../lib/api/request.ts';
import { Failure } from './failure.tsx';
import { NotFound } from './not-found.tsx';
import { OverviewPage } from './routes/overview-page.tsx';
import { parseSearch, stringifySearch } from './search-text.ts';
import { Shell } from './shell.tsx';

export interface TopicsSearch {
  readonly q?: string;
  readonly internal?: 'true';
}

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const overviewRoute = createRoute({ getParentRoute: () => rootRoute, path: '/', component: OverviewPage });

const topicsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'topics',
  validateSearch: (raw: Record<string, unknown>): TopicsSearch => ({
    ...(typeof raw['q'] === 'string' && raw['q'] !== '' ? { q: raw['q'] } : {}),
    ...(raw['internal'] === 'true' ? { internal: 'true' as const } : {}),
  }),
  component: lazyRouteComponent(() => import('./routes/topics-page.tsx'), 'TopicsPage'),
});

const topicRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'topics/$topic',
  component: lazyRouteComponent(() => import('./routes/topic-page.tsx'), 'TopicPage'),
});

const messagesRoute = createRoute({
  getParentRoute: () => topicRoute,
  path: '/',
  validateSearch: readMessagesSearch,
  component: lazyRouteComponent(() => import('./routes/topic-tabs.tsx'), 'MessagesTab'),
});

const partitionsRoute = createRoute({
  getParentRoute: () => topicRoute,
  path: 'partitions',
  component: lazyRouteComponent(() => import('./routes/topic-tabs.tsx'), 'PartitionsTab'),
});

const configurationRoute = createRoute({
  getParentRoute: () => topicRoute,
  path: 'configuration',
  component: lazyRouteComponent(() => import('./routes/topic-tabs.tsx'), 'ConfigurationTab'),
});

const routeTree = rootRoute.addChildren([
  overviewRoute,
  topicsRoute,
  topicRoute.addChildren([messagesRoute, partitionsRoute, configurationRoute]),
]);

export const router = createRouter({
  routeTree,
  basepath: basePath,
  parseSearch,
  stringifySearch,
  defaultErrorComponent: Failure,
  defaultPreload: 'intent',
  defaultPendingMs: 1_000,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
