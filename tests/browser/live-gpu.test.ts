import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, openPage, SOFTWARE_GPU } from './open-site.ts';

// Models on WebGPU: software stands in for the graphics processor, so that every machine has one.

let browser: Browser;
beforeAll(async () => {
  browser = await launch(SOFTWARE_GPU);
});
afterAll(() => browser.close());

const TEXT = 'one lamp two stones one lamp';

async function open(): Promise<Awaited<ReturnType<typeof openPage>>> {
  const watched = await openPage(browser);
  await watched.page.goto(`${inject('root')}live/#head=L1H0&text=${encodeURIComponent(TEXT)}`);
  return watched;
}

async function startOnGpu(page: Page): Promise<void> {
  const choice = page.getByLabel('Runs on');
  await page.locator('option[value=gpu]:not([disabled])').waitFor({ state: 'attached' });
  expect(await choice.inputValue()).toBe('cpu'); // the faster one, where software stands in
  await choice.selectOption('gpu');
  await page.getByRole('button', { name: 'Start' }).click();
  await page.locator('.bench').waitFor();
}

/** Loads the page's worker with something done to WebGPU before. */
async function spoil(page: Page, script: string): Promise<void> {
  await page.route('**/live-worker-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${script}\n${await response.text()}` });
  });
}

async function readout(page: Page): Promise<number> {
  return Number(await page.locator('.readout data').getAttribute('value'));
}

describe('a model on the graphics processor', () => {
  it('gives the patterns that the processor gives, from one program, and is chosen again on the next visit', async () => {
    const { page, requests, faults } = await open();
    await startOnGpu(page);
    expect(requests.filter((path) => path.endsWith('.wasm'))).toEqual([expect.stringContaining('.jspi.')]);
    expect(await page.getByText('does not serve').count()).toBe(0);
    const onGpu = await readout(page);
    requests.length = 0;
    await page.reload();
    await page.locator('.bench').waitFor();
    expect(await page.getByLabel('Runs on').inputValue()).toBe('gpu');
    expect(requests.filter((path) => path.endsWith('.wasm'))).toEqual([]);
    await page.getByLabel('Runs on').selectOption('cpu');
    await expect.poll(() => requests.filter((path) => path.endsWith('.wasm')).length).toBe(1);
    await page.getByText('Fetches').waitFor({ state: 'detached' });
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    expect(await readout(page)).toBeCloseTo(onGpu, 4);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each([
    [
      'has no device to give',
      `GPUAdapter.prototype.requestDevice = async () => { throw new Error('no device'); };`,
      /does not serve: .*/u,
    ],
    [
      'computes something else',
      `const make = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function (shader) {
        return make.call(this, { ...shader, code: shader.code.replaceAll('exp(', 'exp2(') });
      };`,
      /does not serve: its patterns differ by up to 0\.\d+/u,
    ],
  ])('runs on the processor where the graphics processor %s, and says so', async (_, script, words) => {
    const { page } = await open();
    await spoil(page, script);
    await startOnGpu(page);
    await page.getByText(words).waitFor();
    expect(await readout(page)).toBeGreaterThan(0);
    await page.context().close();
  });
});

describe('a browser without a graphics processor', () => {
  it('offers none', async () => {
    const plain = await launch();
    const { page } = await openPage(plain);
    await page.goto(`${inject('root')}live/`, { waitUntil: 'networkidle' });
    expect(await page.getByLabel('Runs on').inputValue()).toBe('cpu');
    expect(await page.locator('option[value=gpu]').isDisabled()).toBe(true);
    await plain.close();
  });
});
