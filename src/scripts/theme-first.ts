/**
 * Runs before the page is painted, so that a chosen theme never flashes and nothing moves: sets what `theme.ts` stored,
 * and says that there are scripts.
 */
export const THEME_FIRST = `document.documentElement.dataset.scripted='';try{const t=localStorage.getItem('atlas-theme');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;
