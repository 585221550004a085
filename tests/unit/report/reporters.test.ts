import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../pipeline/report/describe-failure.ts';
import { createEventReporter } from '../../../pipeline/report/event-reporter.ts';
import { createLineReporter } from '../../../pipeline/report/line-reporter.ts';
import { recordSummaries } from '../../../pipeline/report/reporter.ts';
import { createTerminalReporter } from '../../../pipeline/report/terminal-reporter.ts';
import { atlasError } from '../../../src/schema/errors/index.ts';

const packs = { stage: 'packs', made: 3, reused: 4, failed: 0, seconds: 1.25 };

function written<T>(create: (write: (text: string) => void, now: () => number) => T) {
  let text = '';
  const clock = { at: 0 };
  const reporter = create(
    (part) => (text += part),
    () => clock.at,
  );
  return { reporter, clock, text: () => text };
}

describe('in a log', () => {
  it('a stage says every half minute where it stands, and how it ended', () => {
    const { reporter, clock, text } = written(createLineReporter);
    for (let done = 0; done <= 70; done++) {
      clock.at = done;
      reporter.progress('packs', done, 100);
    }
    reporter.finished({ ...packs, failed: 1 });
    expect(text().split('\n')).toEqual([
      'packs        30 of 100, 1.0/s, 1 min 10 s left',
      'packs        60 of 100, 1.0/s, 40 s left',
      'packs        3 made, 4 reused, 1 failed  1.3 s',
      '',
    ]);
  });
});

describe('on a terminal', () => {
  it('each stage that goes on has one bar, below the lines that stay', () => {
    const { reporter, clock, text } = written((write, now) => createTerminalReporter(write, () => 80, now));
    reporter.progress('packs', 0, 48);
    clock.at = 10;
    reporter.progress('packs', 12, 48);
    clock.at = 20;
    reporter.progress('metrics', 24, 48, 'MB');
    const last = screen(text());
    expect(last).toEqual([
      `packs        ${'━'.repeat(6)}${'─'.repeat(18)} 12 of 48, 1.2/s, 30 s left`,
      `metrics      ${'━'.repeat(12)}${'─'.repeat(12)} 24 of 48 MB`,
    ]);
    reporter.warn('look');
    reporter.finished(packs);
    expect(screen(text())).toEqual(['warning: look', 'packs        3 made, 4 reused  1.3 s', last[1]]);
    reporter.close();
    expect(screen(text())).toEqual(['warning: look', 'packs        3 made, 4 reused  1.3 s', '']);
  });

  it('no bar is wider than the terminal', () => {
    const { reporter, text } = written((write, now) => createTerminalReporter(write, () => 20, now));
    reporter.progress('packs', 1, 48);
    expect(screen(text()).every((line) => line.length < 20)).toBe(true);
  });
});

describe('for programs', () => {
  it('each line is an object, progress at most one a second', () => {
    const { reporter, clock, text } = written(createEventReporter);
    for (const [at, done] of [[0, 1] as const, [0.5, 2] as const, [1, 3] as const, [1.1, 4] as const]) {
      clock.at = at;
      reporter.progress('packs', done, 4);
    }
    reporter.finished(packs);
    const events = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(events).toEqual([
      { event: 'progress', stage: 'packs', done: 1, total: 4 },
      { event: 'progress', stage: 'packs', done: 3, total: 4 },
      { event: 'progress', stage: 'packs', done: 4, total: 4 },
      { event: 'stage', ...packs },
    ]);
  });

  it('what ended the run is an object, too', () => {
    const error = atlasError('unknown-figure', { name: 'row', known: ['raw'] }, { file: 'atlas.config.ts' });
    expect(JSON.parse(describeFailure(error, true))).toMatchObject({
      event: 'error',
      code: 'unknown-figure',
      what: 'There is no figure "row".',
      place: { file: 'atlas.config.ts' },
    });
    expect(JSON.parse(describeFailure(undefined, true))).toMatchObject({ event: 'interrupted' });
    expect(JSON.parse(describeFailure(new RangeError('x'), true))).toMatchObject({
      event: 'defect',
      trace: expect.stringContaining('RangeError: x') as string,
    });
  });
});

it('summaries are kept and passed on', () => {
  const { reporter, text } = written(createLineReporter);
  const recording = recordSummaries(reporter);
  recording.finished(packs);
  recording.note('a word');
  expect(recording.summaries).toEqual([packs]);
  expect(text()).toBe('packs        3 made, 4 reused  1.3 s\na word\n');
});

/** What a terminal shows of `text`: each line as it was last written, with what was wiped gone. */
function screen(text: string): string[] {
  const lines = [''];
  let row = 0;
  for (const part of text.split(/(\u001B\[2K|\u001B\[1A|\r|\n)/u)) {
    if (part === '\u001B[2K') lines[row] = '';
    else if (part === '\u001B[1A') row--;
    else if (part === '\n') {
      row++;
      lines[row] ??= '';
    } else if (part !== '\r') lines[row] = `${lines[row]}${stripVTControlCharacters(part)}`;
  }
  while (lines.length > row + 1 && lines.at(-1) === '') lines.pop();
  return lines;
}
