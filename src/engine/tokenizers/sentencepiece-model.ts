import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { AtlasError } from '../../schema/errors/index.ts';
import { tokenizerInvalid } from './invalid.ts';

// sentencepiece_model.proto of SentencePiece 0.2: messages ModelProto, SentencePiece, TrainerSpec, NormalizerSpec.

/** What a piece is for, by its number in the file. */
const KINDS = ['', 'normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'] as const;
const MODEL_TYPES = ['', 'unigram', 'bpe', 'word', 'char'] as const;
type ModelType = (typeof MODEL_TYPES)[number];

interface ScoredPiece {
  readonly piece: string;
  readonly score: number;
  readonly kind: (typeof KINDS)[number];
}

/** A `tokenizer.model`. */
export interface SentencePieceModel {
  /** By id. */
  readonly pieces: readonly ScoredPiece[];
  readonly type: ModelType;
  readonly fallsBackToBytes: boolean;
  readonly spacesFollow: boolean;
  /** The compiled table of replacements; empty where there is none. */
  readonly charsmap: Uint8Array;
  readonly addsDummyPrefix: boolean;
  readonly removesExtraSpaces: boolean;
  readonly escapesSpaces: boolean;
}

/** UTF-16 units `[from, to)` of a text, and the piece they are; without an id, they are unknown. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly id?: number;
}

/** Far more than any model: the largest known has 256,000. */
const MOST_PIECES = 4_000_000;

/** @throws AtlasError `tokenizer-invalid` for damage, and for the types `word` and `char` */
export function parseSentencePieceModel(bytes: Uint8Array): SentencePieceModel {
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof AtlasError) throw error;
    throw tokenizerInvalid('The SentencePiece model is damaged.', error);
  }
}

type Field = number | string | boolean | Uint8Array;
type Read = (reader: BinaryReader) => Field;
type Fields = Readonly<Record<number, readonly [wire: WireType, read: Read]>>;

const text: readonly [WireType, Read] = [WireType.LengthDelimited, (reader) => reader.string()];
const bytesField: readonly [WireType, Read] = [WireType.LengthDelimited, (reader) => reader.bytes()];
const float: readonly [WireType, Read] = [WireType.Bit32, (reader) => reader.float()];
const number: readonly [WireType, Read] = [WireType.Varint, (reader) => reader.int32()];
const flag: readonly [WireType, Read] = [WireType.Varint, (reader) => reader.bool()];

const MODEL: Fields = { 1: bytesField, 2: bytesField, 3: bytesField };
const PIECE: Fields = { 1: text, 2: float, 3: number };
const TRAINER: Fields = { 3: number, 24: flag, 35: flag };
const NORMALIZER: Fields = { 2: bytesField, 3: flag, 4: flag, 5: flag };

function parse(bytes: Uint8Array): SentencePieceModel {
  const pieces: ScoredPiece[] = [];
  let trainer: Message = new Map();
  let normalizer: Message = new Map();
  readFields(bytes, MODEL, (field, value) => {
    if (!(value instanceof Uint8Array)) return;
    if (field === 1) pieces.push(pieceOf(messageOf(value, PIECE)));
    else if (field === 2) trainer = messageOf(value, TRAINER);
    else normalizer = messageOf(value, NORMALIZER);
    if (pieces.length > MOST_PIECES) throw tokenizerInvalid(`It has more than ${MOST_PIECES} pieces.`);
  });
  const type = MODEL_TYPES[Number(trainer.get(3) ?? 1)] ?? '';
  if (type !== 'unigram' && type !== 'bpe') {
    throw tokenizerInvalid(`A SentencePiece model of the type "${type}" is not known here.`);
  }
  if (pieces.filter(({ kind }) => kind === 'unknown').length !== 1) {
    throw tokenizerInvalid('A SentencePiece model has one unknown piece; this one has not.');
  }
  const charsmap = normalizer.get(2);
  return {
    pieces,
    type,
    fallsBackToBytes: trainer.get(35) === true,
    spacesFollow: trainer.get(24) === true,
    charsmap: charsmap instanceof Uint8Array ? charsmap : new Uint8Array(),
    addsDummyPrefix: normalizer.get(3) !== false,
    removesExtraSpaces: normalizer.get(4) !== false,
    escapesSpaces: normalizer.get(5) !== false,
  };
}

type Message = ReadonlyMap<number, Field>;

function pieceOf(message: Message): ScoredPiece {
  const kind = KINDS[Number(message.get(3) ?? 1)] ?? '';
  const piece = String(message.get(1) ?? '');
  if (kind === '' || piece === '')
    throw tokenizerInvalid('A piece of the SentencePiece model is empty or of no kind.');
  return { piece, score: Number(message.get(2) ?? 0), kind };
}

function messageOf(bytes: Uint8Array, fields: Fields): Message {
  const message = new Map<number, Field>();
  readFields(bytes, fields, (field, value) => message.set(field, value));
  return message;
}

function readFields(bytes: Uint8Array, fields: Fields, take: (field: number, value: Field) => void): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    const known = fields[field];
    if (known === undefined) reader.skip(wire, field);
    else if (known[0] === wire) take(field, known[1](reader));
    else throw tokenizerInvalid('A field of the SentencePiece model has another type.');
  }
}
