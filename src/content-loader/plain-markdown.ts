import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';

/** Elements that would run, fetch or hide something; a model card comes from anywhere. */
const DROPPED = [
  'script',
  'style',
  'iframe',
  'object',
  'embed',
  'form',
  'input',
  'link',
  'meta',
  'svg',
  'video',
  'audio',
  'source',
];
const SAFE_LINK = /^(?:https?:|mailto:|#)/iu;
const DEEPER: Readonly<Record<string, string>> = {
  h1: 'h2',
  h2: 'h3',
  h3: 'h4',
  h4: 'h5',
  h5: 'h6',
  h6: 'h6',
};

/**
 * Keeps of a Markdown text what a page may show: no markup of its own, no picture (which a page would fetch from
 * another host; its description stays), no link but to the web, and headings one level below the page's own.
 */
export const plainMarkdown: NonNullable<SatteriProcessorOptions['hastPlugins']>[number] = {
  name: 'plain-markdown',
  raw(node, context) {
    context.removeNode(node);
  },
  element: [
    {
      filter: DROPPED,
      visit(node, context) {
        context.removeNode(node);
      },
    },
    {
      filter: ['img'],
      visit(node) {
        const description = node.properties.alt;
        return { type: 'text', value: typeof description === 'string' ? description : '' };
      },
    },
    {
      filter: ['a'],
      visit(node, context) {
        const target = node.properties.href;
        if (typeof target !== 'string' || !SAFE_LINK.test(target)) context.setProperty(node, 'href', null);
      },
    },
    {
      filter: Object.keys(DEEPER),
      visit(node) {
        return { ...node, tagName: DEEPER[node.tagName] ?? node.tagName };
      },
    },
    {
      // A table's alignment comes as a style attribute, which the pages' policy forbids; an empty header heads nothing.
      filter: ['th', 'td'],
      visit(node, context) {
        const { style, ...properties } = node.properties;
        const isNumber = (style ?? '').includes('right');
        const isEmpty = context.textContent(node).trim() === '';
        return {
          ...node,
          tagName: isEmpty ? 'td' : node.tagName,
          properties: isNumber ? { ...properties, className: ['number'] } : properties,
        };
      },
    },
    {
      filter: ['pre'],
      visit(node, context) {
        context.setProperty(node, 'tabIndex', 0); // long lines scroll, by keyboard too
      },
    },
  ],
};
