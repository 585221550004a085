import { describe, expect, it } from 'vitest';
import { architectures, readModel } from '../../../src/engine/architectures/index.ts';
import { codeOf } from '../error-code.ts';

// Every architecture of TransformerLens 4.3.0's registry, with the model_type of its checkpoints. What can be run is
// compared with its reference in tests/parity.

const RUN = `
  AfmoeForCausalLM afmoe
  ApertusForCausalLM apertus
  ArceeForCausalLM arcee
  AudioFlamingo3ForConditionalGeneration audioflamingo3
  BambaForCausalLM bamba
  BartForConditionalGeneration bart
  BertForMaskedLM bert
  BertLMHeadModel bert
  BitNetForCausalLM bitnet
  BlenderbotForConditionalGeneration blenderbot
  BloomForCausalLM bloom
  BloomModel bloom
  CodeGenForCausalLM codegen
  Cohere2ForCausalLM cohere2
  CohereForCausalLM cohere
  DeepseekV2ForCausalLM deepseek_v2
  DeepseekV3ForCausalLM deepseek_v3
  DeiTForImageClassification deit
  DeiTModel deit
  Emu3ForConditionalGeneration emu3
  Ernie4_5_MoeForCausalLM ernie4_5_moe
  Ernie4_5ForCausalLM ernie4_5
  Exaone4ForCausalLM exaone4
  FalconForCausalLM falcon
  FalconH1ForCausalLM falcon_h1
  FlexOlmoForCausalLM flex_olmo
  Florence2ForConditionalGeneration florence2
  Gemma1ForCausalLM gemma
  Gemma2ForCausalLM gemma2
  Gemma3ForCausalLM gemma3_text
  Gemma3ForConditionalGeneration gemma3
  Gemma3nForConditionalGeneration gemma3n
  Gemma4ForCausalLM gemma4_text
  Gemma4ForConditionalGeneration gemma4
  Gemma4UnifiedForConditionalGeneration gemma4_unified
  GemmaForCausalLM gemma
  Glm4ForCausalLM glm4
  Glm4MoeForCausalLM glm4_moe
  Glm4MoeLiteForCausalLM glm4_moe_lite
  Glm4vForConditionalGeneration glm4v
  GlmAsrForConditionalGeneration glmasr
  GlmForCausalLM glm
  GlmMoeDsaForCausalLM glm_moe_dsa
  GPT2LMHeadCustomModel gpt2
  GPT2LMHeadModel gpt2
  GPTBigCodeForCausalLM gpt_bigcode
  GPTJForCausalLM gptj
  GPTNeoForCausalLM gpt_neo
  GPTNeoXForCausalLM gpt_neox
  GptOssForCausalLM gpt_oss
  GraniteForCausalLM granite
  GraniteMoeForCausalLM granitemoe
  GraniteMoeHybridForCausalLM granitemoehybrid
  HubertForCTC hubert
  HubertModel hubert
  HunYuanDenseV1ForCausalLM hunyuan_v1_dense
  Idefics3ForConditionalGeneration idefics3
  Jais2ForCausalLM jais2
  JambaForCausalLM jamba
  JetMoeForCausalLM jetmoe
  JetMoEForCausalLM jetmoe
  LagunaForCausalLM laguna
  Lfm2ForCausalLM lfm2
  Lfm2MoeForCausalLM lfm2_moe
  Llama4ForCausalLM llama4_text
  Llama4ForConditionalGeneration llama4
  LlamaForCausalLM llama
  LlavaForConditionalGeneration llava
  LlavaNextForConditionalGeneration llava_next
  LlavaOnevisionForConditionalGeneration llava_onevision
  M2M100ForConditionalGeneration m2m_100
  MarianMTModel marian
  MBartForConditionalGeneration mbart
  MiniMaxM2ForCausalLM minimax_m2
  Ministral3ForCausalLM ministral3
  Mistral3ForConditionalGeneration mistral3
  MistralForCausalLM mistral
  MixtralForCausalLM mixtral
  ModernBertDecoderForCausalLM modernbert-decoder
  MPTForCausalLM mpt
  MptForCausalLM mpt
  MT5ForConditionalGeneration mt5
  MuseGlimmerForConditionalGeneration muse_glimmer
  MusicFlamingoForConditionalGeneration musicflamingo
  NanoChatForCausalLM nanochat
  NemotronForCausalLM nemotron
  NemotronHForCausalLM nemotron_h
  NeoForCausalLM gpt_neo
  NeoXForCausalLM gpt_neox
  Olmo2ForCausalLM olmo2
  Olmo3ForCausalLM olmo3
  OlmoeForCausalLM olmoe
  OlmoForCausalLM olmo
  OlmoHybridForCausalLM olmo_hybrid
  OpenAIGPTLMHeadModel openai-gpt
  OPTForCausalLM opt
  PegasusForConditionalGeneration pegasus
  Phi3ForCausalLM phi3
  PhiForCausalLM phi
  PhiMoEForCausalLM phimoe
  Qwen2_5_VLForConditionalGeneration qwen2_5_vl
  Qwen2AudioForConditionalGeneration qwen2_audio
  Qwen2ForCausalLM qwen2
  Qwen2MoeForCausalLM qwen2_moe
  Qwen3_5ForCausalLM qwen3_5_text
  Qwen3_5ForConditionalGeneration qwen3_5
  Qwen3_5MoeForCausalLM qwen3_5_moe_text
  Qwen3_5MoeForConditionalGeneration qwen3_5_moe
  Qwen3ForCausalLM qwen3
  Qwen3MoeForCausalLM qwen3_moe
  Qwen3NextForCausalLM qwen3_next
  Qwen3VLForConditionalGeneration qwen3_vl
  Qwen3VLMoeForConditionalGeneration qwen3_vl_moe
  RecurrentGemmaForCausalLM recurrent_gemma
  RobertaForMaskedLM roberta
  SeedOssForCausalLM seed_oss
  SmolLM3ForCausalLM smollm3
  StableLmForCausalLM stablelm
  Starcoder2ForCausalLM starcoder2
  SwitchTransformersForConditionalGeneration switch_transformers
  T5ForConditionalGeneration t5
  T5GemmaForConditionalGeneration t5gemma
  T5WithLMHeadModel t5
  VaultGemmaForCausalLM vaultgemma
  ViTForImageClassification vit
  ViTModel vit
  Wav2Vec2ForCTC wav2vec2
  Wav2Vec2ForPreTraining wav2vec2
  Wav2Vec2Model wav2vec2
  XGLMForCausalLM xglm
  YoutuForCausalLM youtu
  Zamba2ForCausalLM zamba2
  DistilBertForMaskedLM distilbert
  PersimmonForCausalLM persimmon
`;

/** Those whose config must say more than its class does by default. */
const SIZES: Readonly<Record<string, object>> = {
  BambaForCausalLM: { attn_layer_indices: [0] },
  DeepseekV2ForCausalLM: { num_experts_per_tok: 2 },
  Glm4MoeForCausalLM: { head_dim: 128 },
  GraniteMoeHybridForCausalLM: { num_hidden_layers: 1, layer_types: ['attention'] },
  Glm4MoeLiteForCausalLM: { num_attention_heads: 32, num_key_value_heads: 32 },
};

const REFUSED = `
  ASTForAudioClassification audio-spectrogram-transformer
  BaiChuanForCausalLM baichuan
  BaichuanForCausalLM baichuan
  BD3LM bd3lm
  DeepseekV4ForCausalLM deepseek_v4
  DreamModel Dream
  ExaoneForCausalLM exaone
  FalconMambaForCausalLM falcon_mamba
  GiddForDiffusionLM gidd
  HrmTextForCausalLM hrm_text
  HyenaDNAForCausalLM hyenadna
  InternLM2ForCausalLM internlm2
  LEDForConditionalGeneration led
  LLaDA2MoeModelLM llada2_moe
  LLaDAModelLM llada
  LongT5ForConditionalGeneration longt5
  Mamba2ForCausalLM mamba2
  MambaForCausalLM mamba
  MinGPTForCausalLM -
  NanoGPTForCausalLM -
  OpenELMForCausalLM openelm
  OuroForCausalLM ouro
  QwenForCausalLM qwen
  RavenForCausalLM huginn_raven
  RWKV7ForCausalLM rwkv7
  RwkvForCausalLM rwkv
  T5Gemma2ForConditionalGeneration t5gemma2
  TransformerLensNative -
  TransformerLensPretrain -
`;

const rows = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));

const configOf = ([architecture = '', modelType = '-']: readonly string[]) => ({
  architectures: [architecture],
  ...(modelType === '-' ? {} : { model_type: modelType }),
  ...SIZES[architecture],
});

describe("TransformerLens's architectures", () => {
  it.each(rows(RUN))('%s (%s) is understood', (...row) => {
    const { description } = readModel(configOf(row));
    expect(description.modelType).toBe(row[1]);
    expect(description.stacks.flatMap(({ layers }) => layers).some(({ hasPattern }) => hasPattern)).toBe(
      true,
    );
  });

  it.each(rows(REFUSED))('%s (%s) is refused by name', (...row) => {
    expect(codeOf(() => readModel(configOf(row)))).toBe('family-refused');
  });

  it('understands its own format', () => {
    const config = { d_model: 8, n_layers: 1, n_heads: 2, d_head: 4, n_ctx: 8, d_vocab: 9, act_fn: 'gelu' };
    expect(readModel(config).description.family).toBe('TransformerLens');
  });

  it('says of another family that it is not known', () => {
    expect(codeOf(() => readModel({ model_type: 'no-such-family' }))).toBe('family-unknown');
    expect(codeOf(() => readModel({}))).toBe('family-unknown');
  });
});

describe('families', () => {
  it('are each asked for by model types of their own', () => {
    const types = architectures.flatMap(({ modelTypes }) => modelTypes);
    expect(new Set(types).size).toBe(types.length);
  });

  it('refuses a hybrid without a layer that attends', () => {
    expect(codeOf(() => readModel({ model_type: 'bamba' }))).toBe('family-refused');
  });

  it('that are refused are none of those that are run', () => {
    for (const { modelTypes } of architectures) {
      for (const type of modelTypes) {
        if (type === 'transformer_lens') continue;
        const code = codeOf(() => readModel({ model_type: type }));
        expect(['bamba', 'granitemoehybrid'].includes(type) || code !== 'family-refused').toBe(true);
      }
    }
  });
});
