import { describe, expect, it } from 'vitest';
import { viewPath } from '../../src/schema/view-state.ts';
import { at, eventually } from './patterns.ts';
import { viewPage } from './view-page.ts';

const view = viewPage();

describe('the address', () => {
  it('brings back what the sender saw', async () => {
    await view.show({
      scale: 'log',
      range: [0.001, 0.5],
      pin: { query: 12, key: 5 },
      zoom: { queries: [8, 15], keys: [2, 9] },
    });
    expect(await view.page.getByLabel('Scale').inputValue()).toBe('log');
    expect(await view.page.getByLabel('From').inputValue()).toBe('0.001');
    expect(await view.page.getByLabel('to', { exact: true }).inputValue()).toBe('0.5');
    expect(await view.readout()).toMatch(/\(12\) → key .+\(5\)/u);
    expect(await view.page.locator('.queries text').allTextContents()).toHaveLength(8);
    await eventually(() => view.page.url()).toContain('scale=log&range=0.001..0.5&pin=12,5&zoom=8..15,2..9');
  });

  it('goes on with each pattern, and back leads back', async () => {
    await view.show();
    await view.plot().focus();
    await view.page.keyboard.press('h');
    await eventually(() => view.query().get('head')).toBe('3');
    await view.page.keyboard.press('Shift+L');
    await eventually(() => view.query().get('layer')).toBe('0');
    await view.page.getByLabel('Model').selectOption('tiny-neox-step250');
    await eventually(() => view.query().get('model')).toBe('tiny-neox-step250');
    await view.page.getByLabel('Training step').press('ArrowRight');
    await expect
      .poll(() => view.page.getByRole('heading', { level: 1 }).textContent())
      .toBe('tiny-neox-step500 L0H3');
    await eventually(() => view.page.title()).toContain('tiny-neox-step500 L0H3 on “');
    for (const heading of ['tiny-neox-step250 L0H3', 'tiny-gpt2 L0H3', 'tiny-gpt2 L1H3', 'tiny-gpt2 L1H2']) {
      await view.page.goBack();
      await eventually(() => view.page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
    }
    expect(view.watched.faults).toEqual([]);
  });

  it('may be empty: the first pattern is shown and named', async () => {
    await view.page.goto(at('/view/'));
    await view.page.locator('canvas').waitFor();
    await eventually(() => view.query().get('model')).toBe(view.index.models[0]?.id);
    expect(view.query().get('prompt')).toBe(view.index.prompts[0]?.id);
    expect(view.watched.faults).toEqual([]);
  });

  it('costs one pack and then the index, and no more', async () => {
    await view.show();
    await view.page.getByLabel('Head').selectOption('0');
    await eventually(() => view.query().get('head')).toBe('0');
    const fetched = view.watched.requests.filter((path) => path.includes('/generated/'));
    expect(fetched).toEqual([
      `/generated/packs/tiny-gpt2/${view.address.prompt}.pack`,
      '/generated/index.json',
    ]);
  });

  it('that is broken in part is shown in its other parts, and says so', async () => {
    await view.show({ pin: { query: 5000, key: 1 } });
    await eventually(() => view.page.locator('.notes').textContent()).toContain('query 5000, key 1');
    await view.page.goto(`${at(viewPath(view.address))}&scale=cubic&range=9..1&figure=nope&layer=x`);
    await view.page.locator('canvas').waitFor();
    const notes = await view.page.locator('.notes').textContent();
    for (const part of ['scale=cubic', 'range=9..1', 'figure “nope”']) expect(notes).toContain(part);
    expect(await view.page.getByRole('heading', { level: 1 }).textContent()).toBe('tiny-gpt2 L1H2');
  });

  it.each([
    [{ layer: 99 }, 'tiny-gpt2 has no pattern in layer 99'],
    [{ head: 99 }, 'tiny-gpt2 has no head 99'],
    [{ model: 'tiny-gtp2' }, 'Did you mean "tiny-gpt2"?'],
    [{ prompt: 'x'.repeat(22) }, 'There is no prompt with the id'],
  ])('that names what the atlas does not hold says what it does hold: %j', async (wrong, sentence) => {
    await view.page.goto(at(viewPath({ ...view.address, ...wrong })));
    await eventually(() => view.page.getByRole('alert').textContent()).toContain(sentence);
    await view.page.getByRole('link', { name: /^Show .+ instead$/u }).click();
    await view.page.locator('canvas').waitFor();
    expect(await view.page.getByRole('alert').count()).toBe(0);
  });
});
