/** What one key, or one of several, does: the keys as they are printed, and the rest of a sentence. */
export type KeyMeaning = readonly [keys: string, meaning: string];

/** Keys that work in one place. */
export interface KeyGroup {
  /** Where they work. */
  readonly title: string;
  readonly keys: readonly KeyMeaning[];
}

export const SITE_KEYS: KeyGroup = {
  title: 'On every page',
  keys: [
    ['/ or Ctrl + K', 'find a page, a head, a prompt or a command'],
    ['?', 'this list'],
  ],
};

export const TILE_KEYS: KeyGroup = {
  title: 'With a small pattern in focus',
  keys: [
    ['Enter', 'open it'],
    ['C', 'add it to what you compare, or take it out'],
  ],
};

export const PLOT_KEYS: KeyGroup = {
  title: 'With a plot in focus',
  keys: [
    ['← ↑ → ↓', 'move the pinned cell'],
    ['Ctrl or Shift + arrow', 'move by ten'],
    ['Home, End', 'first, last key (with Ctrl: query)'],
    ['+ −', 'zoom'],
    ['0', 'show the whole pattern'],
    ['Esc', 'unpin'],
  ],
};

export const VIEW_KEYS: KeyGroup = {
  title: 'In View, with the plot in focus',
  keys: [
    ['H', 'next head'],
    ['L', 'next layer'],
    ['P', 'next prompt'],
    ['C', 'next checkpoint'],
    ['Shift + H, L, P, C', 'the one before'],
    ['S', 'next scale'],
  ],
};

export const COMPARE_KEYS: KeyGroup = {
  title: 'In Compare, with the plot of a pane in focus',
  keys: [
    ['H, L, P, C', 'next head, layer, prompt, checkpoint of the pane'],
    ['Shift + these', 'the one before'],
    ['[ ]', 'move the pane before, behind its neighbour'],
  ],
};
