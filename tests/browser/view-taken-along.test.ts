import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { eventually, patternAt } from './patterns.ts';
import { viewPage } from './view-page.ts';

const view = viewPage();

describe('what one saves', () => {
  async function saved(button: string): Promise<{ name: string; file: Buffer }> {
    const download = view.page.waitForEvent('download');
    await view.page.getByRole('button', { name: button, exact: true }).click();
    const file = await download;
    return { name: file.suggestedFilename(), file: await readFile(await file.path()) };
  }

  it('holds the values, the tokens and the picture of what is shown', async () => {
    const { pattern, pack } = await patternAt(view.address);
    await view.show({ zoom: { queries: [4, 11], keys: [0, 7] } });
    const before = view.watched.requests.length;
    const name = `tiny-gpt2-L1H2-${view.address.prompt}`;

    const csv = await saved('CSV');
    expect(csv.name).toBe(`${name}.csv`);
    const lines = csv.file.toString().trimEnd().split('\r\n');
    expect(lines).toHaveLength(1 + (pattern.rows * (pattern.rows + 1)) / 2);
    expect(view.watched.requests.length, 'fetched only when asked for').toBeGreaterThan(before);

    const npz = await saved('NPZ');
    const array = unzipSync(npz.file)['blocks.1.attn.hook_pattern.head_2.npy'] ?? new Uint8Array();
    const values = array.slice(array.length - pattern.values.byteLength);
    expect(new Float32Array(values.buffer)).toEqual(pattern.values);

    const svg = (await saved('SVG')).file.toString();
    expect(svg).toContain('viewBox="0 4 8 8"');
    expect(svg).toContain('tiny-gpt2 L1H2');
    const picture = await sharp(Buffer.from(svg)).metadata();
    expect(pack.header.tokens.length).toBe(pattern.rows);

    await view.page.getByLabel('PNG size').selectOption('3');
    const png = await saved('PNG');
    expect(png.name).toBe(`${name}@3x.png`);
    const drawn = await sharp(png.file).metadata();
    expect([drawn.width, drawn.height]).toEqual([3 * picture.width, 3 * picture.height]);
    await eventually(() => view.page.getByText(`Saved ${png.name}.`).count()).toBe(1);
    expect(view.watched.faults).toEqual([]);
  });
});

describe('in a frame of another page', () => {
  it('shows the figure alone, as the snippet promises, and a way to the whole page', async () => {
    await view.show({ pin: { query: 9, key: 3 } });
    await view.page.getByText('Embed it, cite it').click();
    const citation = await view.page.getByLabel('BibTeX').inputValue();
    expect(citation).toMatch(/weights SHA-256 [0-9a-f]{64}/u);
    expect(citation).toContain('pin=9,3');
    const snippet = await view.page.getByLabel('HTML of a frame').inputValue();
    const blog = await view.page.context().newPage();
    await blog.setContent(`<!doctype html><html lang="en"><title>A blog</title>${snippet}</html>`);
    const frame = blog.frameLocator('iframe');
    await frame.locator('canvas').waitFor();
    await eventually(() => frame.locator('.readout').textContent()).toContain('(9)');
    expect(await frame.locator('select, .site-header:visible, .site-footer:visible').count()).toBe(0);
    const whole = await frame.getByRole('link', { name: /^Open in/u }).getAttribute('href');
    expect(whole).toContain('pin=9,3');
    expect(whole).not.toContain('embed');
    expect(view.watched.faults).toEqual([]);
  });
});
