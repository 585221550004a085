import { afterEach, beforeEach, expect, it } from 'vitest';
import { smallAtlas, type SmallAtlas } from '../keep/small-atlas.ts';

let atlas: SmallAtlas;
beforeEach(async () => {
  atlas = await smallAtlas();
});
afterEach(() => atlas.remove());

it('a build with `auto` says what it took, and finds its patterns again by that name', async () => {
  await atlas.configure({ device: 'auto' });
  const { status, stderr } = atlas.run('build');
  const taken = /device auto: .*took (\w+)/u.exec(stderr)?.[1];
  expect([status, taken]).toEqual([0, expect.any(String)]);
  await atlas.configure({ device: taken });
  const again = JSON.parse(atlas.run('build', '--dry-run', '--json').stdout) as { plan: object[] };
  expect(again.plan.length).toBeGreaterThan(0);
  for (const stage of again.plan) expect(stage).toMatchObject({ made: 0 });
});

it('a device that is not here is refused once, by who computes, and not by who looks', async () => {
  await atlas.configure({ device: 'no-such-device' });
  const build = atlas.run('build');
  expect(build.status).not.toBe(0);
  expect(build.stderr.match(/"no-such-device" is not available/gu)).toHaveLength(1);
  expect(atlas.run('status')).toMatchObject({ status: 0 });
  expect(atlas.run('doctor').stdout).toContain('"no-such-device" is not available');
});
