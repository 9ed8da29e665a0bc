// Sets the theme before the first paint, so that a dark console never flashes white. A file of its own because the
// content security policy allows no inline script. Keep the key and the rule equal to src/lib/preferences.ts.
(() => {
  let theme = 'system';
  try {
    theme = JSON.parse(localStorage.getItem('millrace.preferences') || '{}').theme || 'system';
  } catch {
    // Storage can be blocked; the system's theme is a fine answer.
  }
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
