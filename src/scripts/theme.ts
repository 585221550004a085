export {};

/** The switch of the header: light or dark as chosen, or as the system says until somebody chooses. */
const KEY = 'atlas-theme';

const system = matchMedia('(prefers-color-scheme: dark)');
const button = document.querySelector<HTMLButtonElement>('.theme-switch');

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? system.matches : chosen === 'dark';
}

function show(): void {
  if (button === null) return;
  button.hidden = false;
  button.textContent = isDark() ? 'Light theme' : 'Dark theme';
}

button?.addEventListener('click', () => {
  const chosen = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is refused: the choice lasts for this page.
  }
  show();
});
system.addEventListener('change', show);
show();
