import { describe, expect, it } from 'vitest';
import { viewPath } from '../../src/schema/view-state.ts';
import { at, eventually } from './patterns.ts';
import { viewPage } from './view-page.ts';

const view = viewPage();

describe('a pack that does not come', () => {
  const pack = '**/generated/packs/**';

  it.each([
    ['is cut off', 'arrived damaged', (bytes: Buffer) => bytes.subarray(0, bytes.length - 100)],
    ['has another byte', 'arrived damaged', (bytes: Buffer) => bytes.fill(0, 200, 201)],
    ['is a page', 'arrived damaged', () => Buffer.from('<!doctype html>')],
  ])('because it %s is an error with a retry', async (_, sentence, damage) => {
    await view.page.route(pack, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: damage(await response.body()) });
    });
    await view.page.goto(at(viewPath(view.address)));
    await eventually(() => view.page.getByRole('alert').textContent()).toContain(sentence);
    await view.page.unroute(pack);
    await view.page.getByRole('button', { name: 'Try again' }).click();
    await view.page.locator('canvas').waitFor();
  });

  it('because the network fails is an error with a retry', async () => {
    await view.page.route(pack, (route) => route.abort('connectionreset'));
    await view.page.goto(at(viewPath(view.address)));
    await eventually(() => view.page.getByRole('alert').textContent()).toContain('could not be fetched');
    await view.page.unroute(pack);
    await view.page.getByRole('button', { name: 'Try again' }).click();
    await view.page.locator('canvas').waitFor();
  });

  it('because the host is ill is an error of the host', async () => {
    await view.page.route(pack, (route) => route.fulfill({ status: 503 }));
    await view.page.goto(at(viewPath(view.address)));
    await eventually(() => view.page.getByRole('alert').textContent()).toContain('status 503');
  });

  it('for a while shows that it is waited for', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await view.page.route(pack, async (route) => {
      await held;
      await route.continue();
    });
    await view.page.goto(at(viewPath(view.address)));
    await view.page.getByText('Fetching the pattern…').waitFor();
    release();
    await view.page.locator('canvas').waitFor();
    expect(await view.page.getByText('Fetching the pattern…').count()).toBe(0);
    expect(view.watched.faults).toEqual([]);
  });

  it('leaves the pattern usable when it is the index that fails', async () => {
    await view.page.route('**/generated/index.json', (route) => route.fulfill({ status: 404 }));
    await view.page.goto(at(viewPath(view.address)));
    await view.page.locator('canvas').waitFor();
    await expect
      .poll(() => view.page.getByRole('alert').textContent())
      .toContain('The list of models and prompts');
    await view.page.unroute('**/generated/index.json');
    await view.page.getByRole('button', { name: 'Try again' }).click();
    await eventually(() => view.page.getByLabel('Model').isEnabled()).toBe(true);
    expect(await view.page.getByRole('alert').count()).toBe(0);
  });
});
