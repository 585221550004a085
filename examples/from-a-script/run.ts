import { formatError, runActivations, runFigures } from 'pattern-atlas';
import { attentionFlow, gram, svdSpectra } from './figures.ts';

/** `node examples/from-a-script/run.ts [OUT]`: patterns of a model on five prompts, then figures of each head. */
const out = process.argv[2] ?? '.atlas/from-a-script';
const savePath = `${out}/store`;

await runActivations({
  models: ['models/tiny-gpt2'],
  prompts: 'content/prompts/sequences.jsonl',
  savePath,
  nSamples: 5,
});
const { images, failures } = await runFigures({
  figures: [svdSpectra, attentionFlow, gram],
  savePath,
  nSamples: 5,
  out: `${out}/figures`,
});
for (const failure of failures) process.stderr.write(`${formatError(failure)}\n`);
process.stdout.write(`${images} figures are in ${out}/figures\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
