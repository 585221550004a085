/** One small pattern of a head's page. */
export interface ShownTile {
  readonly svg: SVGSVGElement;
  /** The prompt's id and title. */
  readonly prompt: string;
  readonly title: string;
}

/** The pattern on `prompt` among those of all prompts on a head's page; undefined where the head has none. */
export function shownTile(page: Document, prompt: string): ShownTile | undefined {
  const svg = [...page.querySelectorAll<SVGSVGElement>('.all-prompts svg[data-prompt]')].find(
    (tile) => tile.dataset.prompt === prompt,
  );
  if (svg === undefined) return undefined;
  return { svg, prompt, title: svg.closest('a')?.querySelector('.caption')?.textContent.trim() ?? '' };
}
