import { paths, withBase } from '../../schema/urls.ts';
import { parsePage } from '../../site/parse-page.ts';
import { loadFile } from '../view/load-file.ts';

/**
 * The text of a prompt of the atlas, from its page: the one file of the site that holds it.
 *
 * @throws LoadError
 */
export async function promptText(base: string, id: string): Promise<string | undefined> {
  const html = new TextDecoder().decode(await loadFile(withBase(base, paths.prompt(id)), false));
  // Parsed apart from this page, where nothing is fetched or run.
  const page = parsePage(html);
  return page.querySelector('[data-prompt-text]')?.textContent ?? undefined;
}
