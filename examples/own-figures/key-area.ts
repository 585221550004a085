import { scaleLinear } from 'd3-scale';
import { area, curveMonotoneX } from 'd3-shape';
import { defineFigure } from 'pattern-atlas';

const WIDTH = 480;
const HEIGHT = 160;

/** A drawing, made with D3: the attention that each key gets from an average query that can see it. */
export default defineFigure({
  name: 'key-area',
  title: 'Attention over the text',
  scope: 'pattern',
  inputs: ['pattern'],
  output: 'svg',
  reading: 'The higher the area above a place in the text, the more the queries after it attend to it.',
  formula: 'The mean over the queries i that see key j of A[i, j].',
  misleads: 'The last keys are seen by few queries, so that their height rests on little.',
  source: { text: 'Bostock et al., D3: Data-Driven Documents', year: 2011, url: 'https://d3js.org/' },
  draw({ pattern: { layout, rows, columns, values } }) {
    const means = Array.from({ length: columns }, (_, key) => {
      const first = layout.kind === 'causal' ? key : 0;
      let sum = 0;
      for (let query = first; query < rows; query++) sum += values[query * columns + key] ?? 0;
      return sum / (rows - first);
    });
    const x = scaleLinear([0, Math.max(1, columns - 1)], [32, WIDTH - 8]);
    const y = scaleLinear([0, 1], [HEIGHT - 20, 8]);
    const shape = area<number>(
      (_, key) => x(key),
      y(0),
      (mean) => y(mean),
    ).curve(curveMonotoneX);
    const ticks = y
      .ticks(3)
      .map((tick) => `<text x="26" y="${y(tick) + 4}" font-size="11" text-anchor="end">${tick}</text>`);
    return {
      kind: 'svg',
      svg: [
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" fill="currentColor">`,
        `<path d="${shape(means) ?? ''}" fill-opacity="0.35" stroke="currentColor"/>`,
        `<path d="M32 ${y(0)}H${WIDTH - 8}" stroke="currentColor" stroke-opacity="0.4"/>`,
        ...ticks,
        `<text x="32" y="${HEIGHT - 4}" font-size="11">first token</text>`,
        `<text x="${WIDTH - 8}" y="${HEIGHT - 4}" font-size="11" text-anchor="end">last token</text>`,
        '</svg>',
      ].join(''),
    };
  },
});
