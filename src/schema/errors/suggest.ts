import leven from 'leven';

const LISTED = 20;

/**
 * A sentence that helps with a misspelled name: the nearest known name where one is near (at most a third of
 * its letters differ), and the known names (the first 20 of them).
 */
export function suggest(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'There are none to choose from.';
  const nearest = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear =
    nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(nearest.candidate.length / 3));
  const list =
    known.slice(0, LISTED).join(', ') + (known.length > LISTED ? `, and ${known.length - LISTED} more` : '');
  return `${isNear ? `Did you mean "${nearest.candidate}"? ` : ''}Known: ${list}.`;
}
