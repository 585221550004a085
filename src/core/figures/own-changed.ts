/**
 * An event of the window in `atlas dev`: a file was edited, and the figure in its `detail` now draws otherwise. Who shows that figure draws
 * again, and says so by `preventDefault`.
 */
export const OWN_FIGURE_CHANGED = 'pattern-atlas:own-figure-changed';
