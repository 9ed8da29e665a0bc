// The entry: language and theme first, then the page.

import './styles.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Providers } from './app/providers.tsx';
import { router } from './app/router.tsx';
import { activateLocale } from './lib/i18n/index.ts';
import { followTheme, preferredLocale } from './lib/preferences.ts';

followTheme();
await activateLocale(preferredLocale());
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Providers>
      <RouterProvider router={router} />
    </Providers>
  </StrictMode>,
);
