/**
 * A page of this site as a document that is read and not shown. Its styles are left out: the policy of the page that reads
 * it would refuse them, aloud.
 */
export function parsePage(html: string): Document {
  return new DOMParser().parseFromString(html.replaceAll(/<style[^>]*>[\s\S]*?<\/style>/gu, ''), 'text/html');
}
