import type { EngineModel } from "./engine.ts";

// Copying hundreds of megabytes to another thread in one message holds this one up for seconds: weights go there piece by piece.

/** Weights, as they lie in a model. */
type Weights = Float32Array | Uint8Array;

/** Stands where weights were. */
type Mark = { readonly weightsPart: number; readonly kind: "f32" | "u8" };

export type ModelPiece = {
  /** Of the part that it belongs to, with the part's length in bytes. */
  readonly part: number;
  readonly total: number;
  readonly begin: number;
  readonly bytes: ArrayBuffer;
};

export type ModelInParts = {
  readonly model: EngineModel;
  /** Each makes one piece, a copy, when its turn comes. */
  readonly pieces: readonly (() => ModelPiece)[];
};

const PIECE_BYTES = 4 * 2 ** 20;

/** A model whose weights fit into one piece stays as it is. */
export function takeApart(model: EngineModel, pieceBytes = PIECE_BYTES): ModelInParts {
  const parts: Weights[] = [];
  const marked = replace(model, isWeights, (weights): Mark => {
    parts.push(weights);
    return { weightsPart: parts.length - 1, kind: weights instanceof Float32Array ? "f32" : "u8" };
  });
  const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes <= pieceBytes) return { model, pieces: [] };
  return { model: marked as EngineModel, pieces: parts.flatMap((part, i) => toPieces(part, i, pieceBytes)) };
}

function toPieces({ buffer, byteOffset, byteLength }: Weights, part: number, pieceBytes: number) {
  return Array.from({ length: Math.ceil(byteLength / pieceBytes) }, (_, i) => (): ModelPiece => {
    const begin = i * pieceBytes;
    const end = Math.min(byteLength, begin + pieceBytes);
    const bytes = new Uint8Array(buffer, byteOffset + begin, end - begin).slice().buffer;
    return { part, total: byteLength, begin, bytes };
  });
}

/** The other thread's side: pieces come in any order, then the model. */
export class ModelParts {
  #parts = new Map<number, Uint8Array<ArrayBuffer>>();

  add({ part, total, begin, bytes }: ModelPiece): void {
    const target = this.#parts.get(part) ?? new Uint8Array(total);
    target.set(new Uint8Array(bytes), begin);
    this.#parts.set(part, target);
  }

  /** Gives the parts away: the next model brings its own. */
  putTogether(model: EngineModel): EngineModel {
    const parts = this.#parts;
    this.#parts = new Map();
    return replace(model, isMark, ({ weightsPart, kind }) => {
      const bytes = parts.get(weightsPart) ?? new Uint8Array();
      return kind === "u8" ? bytes : new Float32Array(bytes.buffer);
    }) as EngineModel;
  }
}

const isWeights = (value: object): value is Weights => value instanceof Float32Array || value instanceof Uint8Array;

const isMark = (value: object): value is Mark => "weightsPart" in value;

/** A copy of plain objects and arrays, with what `is` finds replaced; anything else stays. */
function replace<T extends object>(
  value: unknown,
  is: (value: object) => value is T,
  by: (found: T) => unknown,
): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (is(value)) return by(value);
  if (Array.isArray(value)) return value.map((each) => replace(each, is, by));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replace(each, is, by)]));
}
