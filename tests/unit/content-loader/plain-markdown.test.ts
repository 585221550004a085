import { satteri } from '@astrojs/markdown-satteri';
import { describe, expect, it } from 'vitest';
import { plainMarkdown } from '../../../src/content-loader/plain-markdown.ts';

async function rendered(markdown: string): Promise<string> {
  const renderer = await satteri({ hastPlugins: [plainMarkdown] }).createRenderer({ syntaxHighlight: false });
  return (await renderer.render(markdown)).code;
}

describe('a model card', () => {
  it('keeps its text and loses markup of its own', async () => {
    const html = await rendered(
      'Plain <b onclick="run()" style="color:red">bold</b>.\n\n<script>run()</script>\n\n<div style="x">in a box</div>\n\n<svg onload="run()"></svg>',
    );
    expect(html).toContain('Plain bold.');
    expect(html).not.toMatch(/<(script|b|div|svg)|onclick|onload|style=|run\(\)/u);
  });

  it('shows what a picture says, and fetches none', async () => {
    const html = await rendered('![a badge](https://example.org/badge.svg) and ![](other.png)');
    expect(html).toContain('a badge and');
    expect(html).not.toContain('<img');
    expect(html).not.toContain('example.org');
  });

  it('links to the web alone', async () => {
    const html = await rendered(
      '[a](https://example.org/x) [b](javascript:run()) [c](./LICENSE) [d](data:text/html,x) [e](#part)',
    );
    expect([...html.matchAll(/href="([^"]*)"/gu)].map(([, href]) => href)).toEqual([
      'https://example.org/x',
      '#part',
    ]);
    expect(html).toContain('<a>b</a>');
  });

  it('has its headings below the one of the page', async () => {
    const html = await rendered('# One\n\n## Two\n\n###### Six');
    expect([...html.matchAll(/<(h\d)/gu)].map(([, name]) => name)).toEqual(['h2', 'h3', 'h6']);
  });

  it('aligns numbers of a table by a class, and heads no column with nothing', async () => {
    const html = await rendered('| | loss |\n| --- | ---: |\n| first | 1.5 |');
    expect(html).toContain('<th class="number">loss</th>');
    expect(html).toContain('<td class="number">1.5</td>');
    expect(html).not.toContain('<th></th>');
    expect(html).not.toContain('style');
  });

  it('lets long lines of code scroll by keyboard', async () => {
    expect(await rendered('```python\nx = 1\n```')).toContain('<pre tabindex="0">');
  });
});
