import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { paths } from '../src/schema/urls.ts';
import { comparePath, viewPath } from '../src/schema/view-state.ts';
import { findBrowser } from '../tests/browser/find-browser.ts';
import { madeUpPack } from '../tests/browser/patterns.ts';
import { serveCompressed } from './compressed-site.ts';
import { lastPattern } from './last-pattern.ts';

/*
 * `npm run bench:site`: how soon the pages of the built default site are there, and how fast they follow the pointer, in
 * a real Chromium with an empty cache, with a processor slowed down 4 times and the network that Chromium's developer
 * tools call "Fast 3G" (1.44 Mbit/s down, 0.675 up, 562.5 ms for each request), by HTTP/2. Medians of some loads. Named kinds of pages
 * are loaded alone (`npm run bench:site -- home view`).
 */
const RUNS = 3;
const CPU_SLOWDOWN = 4;
const FAST_3G = {
  offline: false,
  latency: 562.5,
  downloadThroughput: (1.6 * 0.9 * 1_000_000) / 8,
  uploadThroughput: (0.75 * 0.9 * 1_000_000) / 8,
};
const HOVER_TOKENS = 512;
const SMOOTH_TOKENS = 1024;
const LOAD_BOUND = 1500;
const PATTERN_BOUND = 2500;
const SHIFT_BOUND = 0.02;
const FOLLOW_BOUND = 100;
const MOVES = 120;

const say = (text: string) => process.stdout.write(`${text}\n`);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
const share = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
const wanted = process.argv.slice(2);
const misses: string[] = [];
/** A figure beside its bound; a miss is said again at the end. */
function figure(what: string, value: number, bound: number, unit: string, digits = 0): string {
  if (!(value <= bound)) misses.push(`${what}: ${value.toFixed(digits)} ${unit}, bound ${bound} ${unit}`);
  return `${value.toFixed(digits)} ${unit}`;
}

const site = await serveCompressed(resolve('dist'));
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--ignore-certificate-errors'],
});
const { kinds, view, pattern } = await pages();
say(
  `Chromium ${browser.version()}, CPU slowed down ${CPU_SLOWDOWN} times, Fast 3G, medians of ${RUNS} loads`,
);
for (const width of [1440, 360]) {
  for (const [kind, path] of kinds) {
    if (wanted.length > 0 && !wanted.includes(kind)) continue;
    const isBounded = ['home', 'head', 'prompt'].includes(kind);
    const loads = [];
    for (let run = 0; run < RUNS; run++) loads.push(await load(browser, path, width));
    const at = `${kind} at ${width} px`;
    const paint = median(loads.map(({ largest }) => largest));
    const shift = Math.max(...loads.map((one) => one.shift));
    const drawn = median(loads.map((one) => one.drawn));
    say(
      `  ${at.padEnd(22)} largest paint ${isBounded ? figure(at, paint, LOAD_BOUND, 'ms') : `${paint.toFixed(0)} ms`}` +
        ` (${loads[0]?.element ?? ''}), shift ${figure(`shift of ${at}`, shift, SHIFT_BOUND, '', 4)}` +
        (shift > SHIFT_BOUND
          ? ` (${loads.find((one) => one.shift === shift)?.moved.join(', ') ?? ''})`
          : '') +
        (Number.isFinite(drawn)
          ? `, first pattern ${kind === 'view' ? figure(`${at}, first pattern`, drawn, PATTERN_BOUND, 'ms') : `${drawn.toFixed(0)} ms`}`
          : ''),
    );
  }
}
const hovered = await follow(browser, { tokens: HOVER_TOKENS, slowdown: CPU_SLOWDOWN, act: 'hover' });
say(
  `  view of ${HOVER_TOKENS} tokens: from the pointer's move to the next paint, 95th percentile of ${MOVES}: ` +
    `${figure('hovering', share(hovered.delays, 0.95), FOLLOW_BOUND, 'ms')} (median ${median(hovered.delays).toFixed(0)} ms)`,
);
for (const act of ['hover', 'zoom', 'pan'] as const) {
  const { frames } = await follow(browser, { tokens: SMOOTH_TOKENS, slowdown: 1, act });
  say(
    `  view of ${SMOOTH_TOKENS} tokens, ${act}: ${(1000 / (frames.reduce((a, b) => a + b, 0) / frames.length)).toFixed(0)} frames/s, ` +
      `95th percentile ${share(frames, 0.95).toFixed(0)} ms a frame, longest ${Math.max(...frames).toFixed(0)} ms (CPU not slowed down)`,
  );
}
await browser.close();
await site.close();
if (misses.length > 0) {
  process.stderr.write(`Out of bounds:\n${misses.map((miss) => `  ${miss}\n`).join('')}`);
  process.exitCode = 1;
}

/** The pages that are loaded, by kind, and the pattern that View shows. */
async function pages() {
  const last = await lastPattern();
  if (last === undefined) throw new Error('The built site holds no pattern.');
  const { model, stack, layer, prompt } = last;
  const shown = { ...last, head: 0 };
  // The made-up pack of many tokens holds one head.
  const only = viewPath({ ...shown, layer: 0 });
  const viewed = viewPath(shown);
  const compared = comparePath([shown, { ...shown, head: 1 }]);
  return {
    kinds: [
      ['home', paths.home()],
      ['model', paths.model(model)],
      ['layer', paths.layer(model, stack, layer)],
      ['head', paths.head(shown)],
      ['prompts', paths.prompts()],
      ['prompt', paths.prompt(prompt)],
      ['heads', paths.heads()],
      ['search', `${paths.search()}?q=the`],
      ['view', viewed],
      ['compare', compared],
      ['live', paths.live()],
      ['metric', paths.metric('induction')],
      ['about', paths.about()],
    ] as const,
    view: only,
    pattern: shown,
  };
}

/** Loads a page once, with nothing kept: milliseconds to the largest paint, and to the first pattern where it draws one. */
async function load(of: Browser, path: string, width: number) {
  const context = await of.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  await slowDown(page, CPU_SLOWDOWN, true);
  await page.addInitScript(watch);
  await page.goto(new URL(path.slice(1), site.url).href, { waitUntil: 'networkidle', timeout: 120_000 });
  await page.waitForTimeout(1000);
  const seen = await page.evaluate(() => {
    const { drawn, ...watched } = (window as unknown as Watching).watched;
    return { ...watched, drawn: drawn ?? NaN };
  });
  await context.close();
  return seen;
}

/** An entry of `layout-shift`, which TypeScript's DOM types lack. */
interface LayoutShift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
}

interface Watching {
  watched: {
    largest: number;
    element: string;
    shift: number;
    /** What moved, with how far down. */
    moved: string[];
    drawn: number | undefined;
  };
}

/** Runs in the page: notes the largest paint, the layout shift, and when the first plot is drawn. */
function watch(): void {
  const watched: Watching['watched'] = { largest: 0, element: '', shift: 0, moved: [], drawn: undefined };
  (window as unknown as Watching).watched = watched;
  const name = (node: Node | null) =>
    node instanceof Element ? `${node.tagName.toLowerCase()}.${node.classList.value}` : '';
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & { element: Element | null })[]) {
      watched.largest = entry.startTime;
      watched.element = name(entry.element);
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as LayoutShift[]) {
      if (entry.hadRecentInput) continue;
      watched.shift += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources)
        watched.moved.push(`${name(node)} ${previousRect.y.toFixed(0)}→${currentRect.y.toFixed(0)}`);
    }
  }).observe({ type: 'layout-shift', buffered: true });
  const look = () => {
    // A plot's canvas gets its size in the frame in which it is first drawn.
    const canvas = document.querySelector<HTMLCanvasElement>('.plot canvas');
    if (canvas !== null && canvas.width !== UNSIZED) watched.drawn = performance.now();
    else requestAnimationFrame(look);
  };
  const UNSIZED = 300;
  requestAnimationFrame(look);
}

/** Opens View on a made-up pattern and moves over it: milliseconds from each move to its paint, and between frames. */
async function follow(
  of: Browser,
  { tokens, slowdown, act }: { tokens: number; slowdown: number; act: 'hover' | 'zoom' | 'pan' },
) {
  const context = await of.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.route('**/generated/packs/**', (route) =>
    route.fulfill({ body: madeUpPack(pattern.model, pattern.prompt, tokens) }),
  );
  await page.goto(new URL(view.slice(1), site.url).href, { waitUntil: 'networkidle' });
  const plot = page.locator('.plot canvas').first();
  await plot.waitFor();
  const box = await plot.boundingBox();
  if (box === null) throw new Error('View shows no plot.');
  await slowDown(page, slowdown, false);
  if (act === 'pan') {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.locator('[role="application"]').first().focus();
    for (let step = 0; step < 8; step++) await page.mouse.wheel(0, -200);
    await page.waitForTimeout(500);
    await page.mouse.down();
  } else await page.locator('[role="application"]').first().focus();
  await page.evaluate(() => {
    const noted = { delays: [] as number[], frames: [] as number[] };
    (window as unknown as { noted: typeof noted }).noted = noted;
    let before = performance.now();
    const tick = (now: number) => {
      noted.frames.push(now - before);
      before = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    const painted = (event: Event) => {
      const { timeStamp } = event;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => noted.delays.push(performance.now() - timeStamp);
        port2.postMessage(undefined);
      });
    };
    for (const kind of ['pointermove', 'wheel'])
      window.addEventListener(kind, painted, { capture: true, passive: true });
  });
  for (let move = 0; move < MOVES; move++) {
    const part = move / MOVES;
    const x = box.x + box.width * (0.1 + 0.6 * part);
    const y = box.y + box.height * (0.75 + 0.2 * Math.sin(9 * part));
    if (act === 'zoom') await page.mouse.wheel(0, move < MOVES / 2 ? -60 : 60);
    else await page.mouse.move(x, y);
    if (act === 'zoom' && move === 0) await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8);
    await page.waitForTimeout(16);
  }
  if (act === 'pan') await page.mouse.up();
  const noted = await page.evaluate(
    () => (window as unknown as { noted: { delays: number[]; frames: number[] } }).noted,
  );
  await context.close();
  return noted;
}

/** Slows the page's processor down, and its network if asked. */
async function slowDown(page: Page, rate: number, network: boolean): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
  if (!network) return;
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', FAST_3G);
}
