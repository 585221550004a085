import { createSubscriber } from 'svelte/reactivity';
import type { Theme } from '../../core/colour/colour-maps.ts';

const subscribe = createSubscriber((update) => {
  const system = darkSystem();
  const chosen = new MutationObserver(update);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  system.addEventListener('change', update);
  return () => {
    chosen.disconnect();
    system.removeEventListener('change', update);
  };
});

/** The theme that the page is in: chosen by the visitor, or else the system's. Reactive where it is read. */
export function currentTheme(): Theme {
  if (typeof document === 'undefined') return 'light';
  subscribe();
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return darkSystem().matches ? 'dark' : 'light';
}

function darkSystem(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}
