import { clipped, isTyped, parseTexts, textFragment, type LiveTexts } from '../../schema/live-state.ts';
import { MOST_PANES, type PatternAddress } from '../../schema/view-state.ts';
import type { LiveOffer } from './live-model.ts';
import type { LoadProgress } from './live-protocol.ts';
import { TypedRuns, type TypedPattern } from './typed-runs.ts';

/** The texts that a visitor typed into `/view/` or `/compare/`, and what models make of them in the page. */
export class TypedTexts {
  texts = $state.raw<LiveTexts>({});
  readonly runs: TypedRuns;

  /** @param offer what can be run in the page; undefined where the atlas ships no model */
  constructor(offer: () => LiveOffer | undefined) {
    this.runs = new TypedRuns($state.snapshot(offer()));
  }

  read(fragment: string): void {
    this.texts = parseTexts(fragment);
  }

  /** What the address says of those texts that `prompts` name. */
  fragment(prompts: readonly string[]): string {
    return textFragment(
      Object.fromEntries(Object.entries(this.texts).filter(([name]) => prompts.includes(name))),
    );
  }

  write(name: string, text: string): void {
    const ablations = this.texts[name]?.ablations ?? [];
    this.texts = { ...this.texts, [name]: { text: clipped(text), ablations } };
  }

  /** A copy of a text under a name that is not among `taken`; any other prompt stays what it is. */
  copy(prompt: string, taken: readonly string[]): string {
    const text = this.texts[prompt];
    if (!isTyped(prompt) || text === undefined) return prompt;
    const names = Array.from({ length: MOST_PANES }, (_, at) => `text${at + 1}`);
    const name = names.find((free) => !taken.includes(free)) ?? prompt;
    this.texts = { ...this.texts, [name]: text };
    return name;
  }

  /**
   * The pattern of a head on the text that its address names; undefined where the model has no such head.
   *
   * @throws LiveError
   */
  pattern(
    address: PatternAddress,
    onprogress: (progress: LoadProgress) => void,
  ): Promise<TypedPattern | undefined> {
    return this.runs.pattern(address, this.texts[address.prompt] ?? { text: '', ablations: [] }, onprogress);
  }
}
