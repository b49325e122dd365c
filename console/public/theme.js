// A separate file, because the content security policy blocks inline scripts.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('tessera.theme');
  } catch {
    // Storage is not available: follow the system.
  }
  const isDark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
