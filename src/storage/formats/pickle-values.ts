/** Python's tuple, kept apart from a list because a reader of checkpoints tells them apart. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** What a builder on the allow-list makes; the reader hands it state (BUILD) and items, and looks no further. */
export abstract class PickleObject {
  /** Python's `__setstate__`; throws when the state is not what the class expects. */
  abstract setState(state: PickleValue): void;
  /** Python's `object[key] = value`; undefined where the class takes no items. */
  readonly setItem?: (key: PickleValue, value: PickleValue) => void;
  /** Values held, so that nesting can be checked. */
  children(): Iterable<PickleValue> {
    return [];
  }
}

/** A callable on the allow-list. `construct` gets positional arguments only and must check them. */
export type PickleBuilder = { readonly construct: (args: readonly PickleValue[]) => PickleValue };

/** A reference to an allowed callable, found in the file by "module name". */
export class PickleGlobal {
  readonly qualifiedName: string;
  readonly builder: PickleBuilder;

  constructor(qualifiedName: string, builder: PickleBuilder) {
    this.qualifiedName = qualifiedName;
    this.builder = builder;
  }
}

/** None is null; an int beyond 2^53 is a bigint; bytes are views of the file. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleTuple
  | PickleObject
  | PickleGlobal
  | PickleList
  | PickleDict
  | PickleSet;
export interface PickleList extends Array<PickleValue> {}
export interface PickleDict extends Map<PickleValue, PickleValue> {}
export interface PickleSet extends Set<PickleValue> {}
