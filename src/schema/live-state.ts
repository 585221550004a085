import { headName } from './head-name.ts';
import { paths } from './urls.ts';
import { displayFragment, parseDisplay, type Display } from './view-state.ts';

/** What stands in the place of a head's output: nothing, or its mean over the atlas's prompts. */
export type AblationKind = 'zero' | 'mean';

/** A head that is taken out. */
export interface Ablation {
  readonly layer: number;
  readonly head: number;
  readonly kind: AblationKind;
}

/** A text that a visitor typed, and the heads that are taken out while a model reads it. */
export interface LiveText {
  readonly text: string;
  readonly ablations: readonly Ablation[];
}

/** What `/live/` shows; what is absent is left to the page. */
export interface LiveState extends LiveText {
  readonly model?: string;
  readonly head?: { readonly layer: number; readonly head: number };
  /** A prompt of the atlas whose text is to be taken. */
  readonly prompt?: string;
  /** How the large pattern is shown. */
  readonly display?: Display;
}

/** Characters of a text that addresses and pages take. */
export const MOST_CHARACTERS = 20_000;

const MODEL = /^[A-Za-z0-9\-_.]{1,200}$/u;
const PROMPT = /^[A-Za-z0-9\-_]{22}$/u;
const HEAD = /^L(\d{1,7})H(\d{1,7})$/u;
const OFF = /^L(\d{1,7})H(\d{1,7})(~mean)?$/u;

/** The path of `/live/` below the base. What a visitor typed stands behind `#`, which no browser sends to a host. */
export function livePath({ model, head, prompt, display = {}, ...typed }: Partial<LiveState>): string {
  const named = new URLSearchParams({
    ...(model === undefined ? {} : { model }),
    ...(head === undefined ? {} : { head: headName(head.layer, head.head) }),
    ...(prompt === undefined ? {} : { prompt }),
    ...textParameters(typed, ''),
  }).toString();
  const parts = [named, displayFragment(display)].filter((part) => part !== '');
  return parts.length === 0 ? paths.live() : `${paths.live()}#${parts.join('&')}`;
}

/** Reads the fragment of `/live/`. Never throws: what cannot be understood is left out. */
export function parseLive(fragment: string): LiveState {
  const parameters = new URLSearchParams(fragment.replace(/^#/u, ''));
  const display = parseDisplay(parameters.toString());
  const model = parameters.get('model') ?? '';
  const prompt = parameters.get('prompt') ?? '';
  const [, layer, head] = HEAD.exec(parameters.get('head') ?? '') ?? [];
  return {
    ...readText(parameters, ''),
    ...(MODEL.test(model) ? { model } : {}),
    ...(PROMPT.test(prompt) ? { prompt } : {}),
    ...(Object.keys(display).length === 0 ? {} : { display }),
    ...(layer === undefined || head === undefined
      ? {}
      : { head: { layer: Number(layer), head: Number(head) } }),
  };
}

/** Names under which a view or a pane shows a typed text in the place of a prompt: `text1` to `text6`. */
const TYPED = /^text[1-6]$/u;

/** Whether a pattern is of a text that a visitor typed. */
export function isTyped(prompt: string): boolean {
  return TYPED.test(prompt);
}

/** Texts by those names. */
export type LiveTexts = Readonly<Record<string, LiveText>>;

/** The fragment that holds these texts, with its `#`; empty where there is none. */
export function textFragment(texts: LiveTexts): string {
  const parts = Object.entries(texts).flatMap(([name, text]) =>
    Object.entries(textParameters(text, name.slice('text'.length))),
  );
  return parts.length === 0 ? '' : `#${new URLSearchParams(parts).toString()}`;
}

/** Reads the fragment of `/view/` and `/compare/`. Never throws: what cannot be understood is left out. */
export function parseTexts(fragment: string): LiveTexts {
  const parameters = new URLSearchParams(fragment.replace(/^#/u, ''));
  const names = [...parameters.keys()].filter(isTyped);
  return Object.fromEntries(names.map((name) => [name, readText(parameters, name.slice('text'.length))]));
}

/** Parameters of a text, each with `suffix` behind its name. */
function textParameters(
  { text = '', ablations = [] }: Partial<LiveText>,
  suffix: string,
): Record<string, string> {
  const off = ablations.map(
    ({ layer, head, kind }) => `${headName(layer, head)}${kind === 'mean' ? '~mean' : ''}`,
  );
  return {
    ...(text === '' ? {} : { [`text${suffix}`]: text }),
    ...(off.length === 0 ? {} : { [`off${suffix}`]: off.join(',') }),
  };
}

function readText(parameters: URLSearchParams, suffix: string): LiveText {
  const off = (parameters.get(`off${suffix}`) ?? '').split(',');
  return {
    text: clipped(parameters.get(`text${suffix}`) ?? ''),
    ablations: off.flatMap((written): Ablation[] => {
      const [, layer, head, mean] = OFF.exec(written) ?? [];
      if (layer === undefined || head === undefined) return [];
      return [{ layer: Number(layer), head: Number(head), kind: mean === undefined ? 'zero' : 'mean' }];
    }),
  };
}

/** The beginning of a text that is too long, without half a character at its end. */
export function clipped(text: string): string {
  return text.length <= MOST_CHARACTERS
    ? text
    : text.slice(0, MOST_CHARACTERS).replace(/[\uD800-\uDBFF]$/u, '');
}
