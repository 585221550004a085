/**
 * Runs before the page is painted, so that a chosen theme never flashes and nothing moves: sets what `theme.ts` stored,
 * says that there are scripts, and whether the page stands in a frame of another (`?embed`).
 */
export const THEME_FIRST = `document.documentElement.dataset.scripted='';if(new URLSearchParams(location.search).has('embed'))document.documentElement.dataset.embed='';try{const t=localStorage.getItem('atlas-theme');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;
