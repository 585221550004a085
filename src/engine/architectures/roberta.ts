import { exactGelu } from '../blocks/activation.ts';
import { linear } from '../blocks/linear.ts';
import { rowsAfterPadding } from '../blocks/sinusoids.ts';
import { readConfig } from '../config-reader.ts';
import type { Architecture } from './architecture.ts';
import { readBert } from './bert.ts';

/** Liu et al. 2019; transformers/models/roberta/modeling_roberta.py. */
export const roberta: Architecture = {
  name: 'RoBERTa',
  modelTypes: ['roberta'],
  read(raw) {
    const config = readConfig(raw, 'RoBERTa');
    const { width, vocabulary, context, norm, describe, embed, layer } = readBert(config, {
      vocabulary: 50_265,
    });
    const padding = config.integer('pad_token_id', 1, 0);
    config.finish();

    return {
      description: describe(context - padding - 1),
      prefixes: ['roberta.', ''],
      build({ self }) {
        const { graph } = self;
        const rows = rowsAfterPadding(self, padding);
        const stream = self.layers('encoder.layer', embed(self, rows, 'token'), layer);
        const head = self.at('lm_head');
        if (!head.has('dense.weight')) return undefined; // saved without a head
        return () => {
          const hidden = linear(head, 'dense', stream, { inputs: width, outputs: width, bias: true });
          const normed = norm(head, 'layer_norm', exactGelu(graph, hidden));
          const logits = linear(self, 'embeddings.word_embeddings', normed, {
            inputs: width,
            outputs: vocabulary,
          });
          return graph.add(logits, head.weight('bias', [vocabulary]));
        };
      },
    };
  },
};
