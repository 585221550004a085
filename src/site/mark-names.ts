const NAMES: ReadonlyMap<string, readonly [one: string, many: string]> = new Map([
  ['·', ['space', 'spaces']],
  ['⏎', ['newline', 'newlines']],
  ['␍', ['carriage return', 'carriage returns']],
  ['⇥', ['tab', 'tabs']],
  ['⍽', ['no-break space', 'no-break spaces']],
  ['∅', ['nothing', 'nothing']],
]);

/** What a run of marks (see src/core/view/token-marks.ts) is called when it is read out: `2 spaces, newline`. */
export function markNames(marks: string): string {
  const runs = marks.match(/‹[0-9A-F]+›|(.)\1*/gsu) ?? [];
  return runs
    .map((run) => {
      const [first = ''] = run;
      const count = [...run].length;
      const names = NAMES.get(first);
      if (names === undefined) return `character ${run.replace(/[‹›]/gu, '')}`;
      return count === 1 ? names[0] : `${count} ${names[1]}`;
    })
    .join(', ');
}
