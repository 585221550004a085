/** Runs before the page is painted, so that a chosen theme never flashes: sets what `theme.ts` stored. */
export const THEME_FIRST = `try{const t=localStorage.getItem('atlas-theme');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;
