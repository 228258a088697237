// Runs before the first paint, so that no theme flashes. The choice is made in src/shell/theme.svelte.ts.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('theme') ?? choice;
  } catch {
    // Storage may be forbidden; the system's theme it is.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
