import { describe, expect, it } from 'vitest';
import { patternCsv } from '../../../../src/core/export/pattern-csv.ts';
import { plotSheet, type SheetContent } from '../../../../src/core/export/plot-sheet.ts';
import { sheetSvg } from '../../../../src/core/export/sheet-svg.ts';
import { patternOf } from '../../../../src/core/pattern.ts';
import { fromZoom, WHOLE } from '../../../../src/core/view/plot-window.ts';

/** A causal pattern in which every query gives all its attention to the first key but the last, which splits it. */
function content(n: number, tokens = Array.from({ length: n }, (_, at) => ` t${at}`)): SheetContent {
  const values = new Float32Array(n * n);
  for (let query = 0; query < n; query++) values[query * n] = 1;
  values[(n - 1) * n] = 0.1;
  values[n * n - 1] = 0.9;
  return {
    pattern: patternOf({ kind: 'causal', n }, values),
    queryTokens: tokens,
    keyTokens: tokens,
    title: 'tiny L0H1 on “a & b”',
    notes: ['Values are exact.'],
    scale: { kind: 'linear', map: 'sequential', least: 0, greatest: 1 },
    unit: 'attention',
    window: WHOLE,
    theme: 'light',
  };
}

describe('CSV', () => {
  it('has a line for every cell that its query sees, in digits that give the same float32', () => {
    const lines = patternCsv(content(2, ['the "x"', 'a,\nb'])).split('\r\n');
    expect(lines).toEqual([
      'query,key,query_token,key_token,value',
      '0,0,"the ""x""","the ""x""",1',
      '1,0,"a,\nb","the ""x""",0.1',
      '1,1,"a,\nb","a,\nb",0.9',
      '',
    ]);
    const odd = content(1);
    odd.pattern.values[0] = Math.fround(1 / 3 + 1e-7);
    const value = patternCsv(odd).trim().split(',').at(-1);
    expect(Math.fround(Number(value))).toBe(odd.pattern.values[0]);
  });
});

describe('SVG', () => {
  it('joins the cells of one colour and leaves out what no query sees', () => {
    const svg = sheetSvg(content(3));
    const paths = [...svg.matchAll(/<path fill="(#[0-9a-f]{6})" d="([^"]+)"\/>/gu)].map(([, , path]) => path);
    expect(paths).toEqual([
      'M1 1h1v1h-1zM1 2h1v1h-1z',
      'M0 2h1v1h-1z',
      'M2 2h1v1h-1z',
      'M0 0h1v1h-1zM0 1h1v1h-1z',
    ]);
  });

  it('holds titles and tokens as text, whatever they are made of', () => {
    const svg = sheetSvg(content(2, ['<script>alert(1)</script>', '\u0007\ud800']));
    expect(svg).toContain('tiny L0H1 on “a &amp; b”');
    expect(svg).toContain('&lt;script');
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0007');
    expect(svg.isWellFormed()).toBe(true);
  });

  it('draws only the part in sight', () => {
    const whole = content(64);
    const window = fromZoom(whole.pattern, { queries: [32, 47], keys: [32, 47] });
    const svg = sheetSvg({ ...whole, window });
    expect(svg).toContain('viewBox="32 32 16 16"');
    expect(svg).toContain('>·t32<');
    expect(svg).not.toContain('·t31<');
    expect(svg).not.toContain('M0 ');
  });
});

describe('the sheet', () => {
  it('keeps every text inside, and thins out the tokens of a long pattern', () => {
    for (const n of [1, 8, 300]) {
      const sheet = plotSheet(content(n));
      for (const { x, y } of sheet.texts) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(sheet.width);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(sheet.height);
      }
      expect(sheet.texts.filter(({ isUpright }) => isUpright).length).toBeLessThanOrEqual(44);
    }
  });
});
