import { describe, expect, it } from 'vitest';
import { chooseDevice, offeredDevices } from '../../../pipeline/runtime/choose-device.ts';

const offered = ['cpu', 'webgpu', 'cuda'];
const only =
  (...works: string[]) =>
  (device: string) =>
    works.includes(device) ? Promise.resolve() : Promise.reject(new Error(`no ${device} here\nat a place`));

/** What is chosen, and what is said of it. */
async function choose(name: string, ...works: string[]) {
  const said: string[] = [];
  const device = await chooseDevice(name, (text) => said.push(text), { offered, probe: only(...works) });
  return [device, ...said];
}

describe('a device', () => {
  it('is the named one, if it is there', async () => {
    expect(await choose('cpu')).toEqual(['cpu']);
    expect(await choose('webgpu', 'webgpu', 'cuda')).toEqual(['webgpu']);
  });

  it('is an error where onnxruntime does not offer it, or cannot run on it', async () => {
    await expect(choose('dml')).rejects.toMatchObject({ code: 'device-unavailable' });
    await expect(choose('dml')).rejects.toHaveProperty('explanation.remedy', expect.stringContaining('cuda'));
    await expect(choose('cuda', 'webgpu')).rejects.toMatchObject({ code: 'device-unavailable' });
  });

  it('is for `auto` the first that works, and it is said what was tried', async () => {
    expect(await choose('auto', 'cuda', 'webgpu')).toEqual(['cuda', 'device auto: took cuda']);
    expect(await choose('auto', 'webgpu')).toEqual([
      'webgpu',
      'device auto: tried cuda: no cuda here; took webgpu',
    ]);
    expect(await choose('auto')).toEqual([
      'cpu',
      'device auto: tried cuda: no cuda here; tried webgpu: no webgpu here; took cpu',
    ]);
  });

  it('is one that onnxruntime-node offers here', async () => {
    expect(offeredDevices()).toContain('cpu');
    const said: string[] = [];
    const device = await chooseDevice('auto', (text) => said.push(text));
    expect(offeredDevices()).toContain(device);
    expect(said).toEqual([expect.stringMatching(new RegExp(`^device auto: .*took ${device}$`, 'u'))]);
  });
});
