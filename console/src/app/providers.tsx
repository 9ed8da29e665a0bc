// What all pages share: the cache of server data, language, tooltips, toasts, and no style elements (strict CSP).

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Toaster } from '../components/ui/toaster.tsx';
import { ApiError } from '../lib/api/request.ts';
import { i18n } from '../lib/i18n/index.ts';

const RETRIES_MAX = 1;

/** A refusal (4xx) is an answer; only a lost request is worth a second try. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < RETRIES_MAX && (!(error instanceof ApiError) || error.status === 0);
}

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: shouldRetry, refetchOnWindowFocus: true, staleTime: 1_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

export function Providers({ children }: { children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <I18nProvider i18n={i18n}>
        <QueryClientProvider client={client}>
          <Tooltip.Provider delay={500}>
            {children}
            <Toaster />
          </Tooltip.Provider>
        </QueryClientProvider>
      </I18nProvider>
    </CSPProvider>
  );
}
