import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { inject } from 'vitest';

/** What a page did that no page may do. */
export interface Watched {
  readonly page: Page;
  /** Errors of the console and of scripts, violations of the policy, failed requests, requests to other hosts. */
  readonly faults: string[];
  /** Paths that were fetched. */
  readonly requests: string[];
}

/** A graphics processor for WebGPU that is made of software, so that every machine has it. */
export const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Starts the Chromium that the set-up found, talking to nobody by itself. */
export function launch(gpu: readonly string[] = ['--disable-gpu']): Promise<Browser> {
  return chromium.launch({
    executablePath: inject('browser'),
    args: [
      '--no-sandbox',
      ...gpu,
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page that notes what goes wrong on it; `expected` are faults that the test provokes. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const faults: string[] = [];
  const requests: string[] = [];
  const hosts = [inject('root'), inject('below')].map((url) => new URL(url).host);
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content.Security.Policy/iu.test(message.text()))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText ?? '';
    // Leaving a page breaks off what it still fetches.
    if (error !== 'net::ERR_ABORTED') faults.push(`${request.url()} failed: ${error}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    requests.push(url.pathname);
    if (url.protocol.startsWith('http') && !hosts.includes(url.host))
      faults.push(`asked another host: ${url.href}`);
  });
  return { page, faults, requests };
}

/** One address of every kind of page, below the base. */
export async function pageKinds(): Promise<[kind: string, path: string][]> {
  const index = (await (await fetch(`${inject('root')}generated/index.json`)).json()) as {
    prompts: { id: string }[];
  };
  const prompt = index.prompts[0]?.id ?? '';
  return [
    ['home', ''],
    ['models', 'models/'],
    ['model', 'tiny-gpt2/'],
    ['checkpoint', 'tiny-neox-step500/'],
    ['layer', 'tiny-gpt2/L1/'],
    ['head', 'tiny-gpt2/L1/H2/'],
    ['prompts', 'prompts/'],
    ['prompts, second page', 'prompts/page/2/'],
    ['prompt', `prompts/${prompt}/`],
    ['view', `view/?model=tiny-gpt2&layer=1&head=2&prompt=${prompt}`],
    ['view, empty', 'view/'],
    ['compare', `compare/?pane=tiny-gpt2~L1H2~${prompt}&pane=tiny-neox~L1H0~${prompt}`],
    ['compare, empty', 'compare/'],
    ['live', 'live/'],
    ['heads', 'heads/'],
    ['search', 'search/?q=the'],
    ['search, empty', 'search/'],
    ['figures', 'figures/'],
    ['figure', 'figures/raw/'],
    ['metrics', 'metrics/'],
    ['metric', 'metrics/induction/'],
    ['about', 'about/'],
    ['not found', '404.html'],
  ];
}
