import { atlasError } from '../../schema/errors/index.ts';

/** A class or function that a pickle names. It is never looked up, only compared with names that are known. */
export class PickleGlobal {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** What `persistent` makes of an id. */
export type PickleValue =
  null | boolean | number | string | PickleGlobal | PickleValue[] | Map<PickleValue, PickleValue> | object;

/** What the caller knows how to make. Nothing else is made: a pickle is a program, and this runs none. */
export interface PickleWorld {
  /** An object that lies outside of the pickle. */
  persistent(id: PickleValue): PickleValue;
  /** The call of a global; undefined where it is not allowed. */
  call(name: string, args: readonly PickleValue[]): PickleValue | undefined;
}

const utf8 = new TextDecoder();
const MARK = Symbol('mark');
type StackItem = PickleValue | typeof MARK;

/**
 * Reads a pickle (protocols 2 to 5) of plain values and of what the caller knows.
 *
 * @throws AtlasError `weights-pickle-refused` for a call that is not known, `weights-header-invalid` for damage
 */
export function unpickle(bytes: Uint8Array, file: string, world: PickleWorld): PickleValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: StackItem[] = [];
  const memo = new Map<number, PickleValue>();
  let at = 0;

  const invalid = (reason: string) => atlasError('weights-header-invalid', { reason }, { file });
  const take = (length: number): number => {
    if (length < 0 || at + length > bytes.length) throw invalid('Its pickle is cut off.');
    at += length;
    return at - length;
  };
  const push = (value: PickleValue) => stack.push(value);
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw invalid('Its pickle is damaged.');
    return value;
  };
  const top = (): PickleValue => {
    const value = pop();
    push(value);
    return value;
  };
  const popToMark = (): PickleValue[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark === -1) throw invalid('Its pickle is damaged.');
    return stack.splice(mark).slice(1) as PickleValue[];
  };
  const popMany = (count: number): PickleValue[] => Array.from({ length: count }, pop).reverse();
  const text = (length: number): string => {
    const start = take(length);
    return utf8.decode(bytes.subarray(start, start + length));
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end === -1) throw invalid('Its pickle is cut off.');
    const found = text(end - at);
    take(1);
    return found;
  };
  const put = (index: number) => memo.set(index, top());
  const get = (index: number): number => {
    const value = memo.get(index);
    if (value === undefined) throw invalid('Its pickle is damaged.');
    return push(value);
  };
  const dictionary = (): Map<PickleValue, PickleValue> => {
    const value = top();
    if (!(value instanceof Map)) throw invalid('Its pickle is damaged.');
    return value;
  };
  const list = (): PickleValue[] => {
    const value = top();
    if (!Array.isArray(value)) throw invalid('Its pickle is damaged.');
    return value;
  };
  const setItems = (items: readonly PickleValue[]): number => {
    const target = dictionary();
    for (let index = 0; index + 1 < items.length; index += 2)
      target.set(items[index] ?? null, items[index + 1] ?? null);
    return target.size;
  };
  const call = (callee: PickleValue, args: PickleValue) => {
    const name = callee instanceof PickleGlobal ? callee.name : 'something that is no name';
    const made = callee instanceof PickleGlobal && Array.isArray(args) ? world.call(name, args) : undefined;
    if (made === undefined) throw atlasError('weights-pickle-refused', { name }, { file });
    push(made);
  };

  const uint8 = () => view.getUint8(take(1));
  const uint32 = () => view.getUint32(take(4), true);
  const operations: Readonly<Record<number, () => unknown>> = {
    0x80: () => take(1), // PROTO
    0x95: () => take(8), // FRAME
    0x28: () => stack.push(MARK),
    0x30: () => pop(), // POP
    0x31: () => popToMark(), // POP_MARK
    0x4e: () => push(null), // NONE
    0x88: () => push(true), // NEWTRUE
    0x89: () => push(false), // NEWFALSE
    0x4b: () => push(uint8()), // BININT1
    0x4d: () => push(view.getUint16(take(2), true)), // BININT2
    0x4a: () => push(view.getInt32(take(4), true)), // BININT
    0x8a: () => push(long(uint8())), // LONG1
    0x47: () => push(view.getFloat64(take(8), false)), // BINFLOAT
    0x58: () => push(text(uint32())), // BINUNICODE
    0x8c: () => push(text(uint8())), // SHORT_BINUNICODE
    0x55: () => push(text(uint8())), // SHORT_BINSTRING
    0x54: () => push(text(uint32())), // BINSTRING
    0x43: () => push(text(uint8())), // SHORT_BINBYTES
    0x42: () => push(text(uint32())), // BINBYTES
    0x7d: () => push(new Map<PickleValue, PickleValue>()), // EMPTY_DICT
    0x5d: () => push([]), // EMPTY_LIST
    0x29: () => push([]), // EMPTY_TUPLE
    0x85: () => push(popMany(1)), // TUPLE1
    0x86: () => push(popMany(2)), // TUPLE2
    0x87: () => push(popMany(3)), // TUPLE3
    0x74: () => push(popToMark()), // TUPLE
    0x6c: () => push(popToMark()), // LIST
    0x64: () => {
      const items = popToMark();
      push(new Map());
      setItems(items);
    }, // DICT
    0x73: () => setItems(popMany(2)), // SETITEM
    0x75: () => setItems(popToMark()), // SETITEMS
    0x61: () => {
      const [item = null] = popMany(1);
      list().push(item);
    }, // APPEND
    0x65: () => {
      const items = popToMark();
      for (const item of items) list().push(item);
    }, // APPENDS
    0x71: () => put(uint8()), // BINPUT
    0x72: () => put(uint32()), // LONG_BINPUT
    0x94: () => put(memo.size), // MEMOIZE
    0x68: () => get(uint8()), // BINGET
    0x6a: () => get(uint32()), // LONG_BINGET
    0x63: () => {
      const module = line();
      push(new PickleGlobal(`${module}.${line()}`));
    }, // GLOBAL
    0x93: () => {
      const [module, name] = popMany(2);
      push(new PickleGlobal(`${textOf(module)}.${textOf(name)}`));
    }, // STACK_GLOBAL
    0x51: () => push(world.persistent(pop())), // BINPERSID
    0x52: () => {
      const [callee = null, args = null] = popMany(2);
      call(callee, args);
    }, // REDUCE
    0x81: () => {
      const [callee = null, args = null] = popMany(2);
      call(callee, args);
    }, // NEWOBJ
    0x62: () => {
      pop();
      top();
    }, // BUILD: attributes beside the values, such as versions of modules
  };

  function textOf(value: PickleValue | undefined): string {
    if (typeof value !== 'string') throw invalid('Its pickle is damaged.');
    return value;
  }

  /** Whole numbers of up to eight bytes; none that counts is longer. */
  function long(length: number): number {
    if (length > 8) throw invalid('Its pickle has a number of more than eight bytes.');
    const start = take(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(view.getUint8(start + index));
    return Number(BigInt.asIntN(8 * length, value));
  }

  for (;;) {
    const code = uint8();
    if (code === 0x2e) return pop(); // STOP
    const operation = operations[code];
    if (operation === undefined)
      throw invalid(`Its pickle has the instruction ${code}, which no weights need.`);
    operation();
  }
}
