import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRegionCounter, type ErrorRegion } from "./error-regions.ts";

const volume = fc.record({
  shape: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })),
  block: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 7 })),
  kinds: fc.array(fc.constantFrom(0, 0, 1, 1, 2), { minLength: 210, maxLength: 210 }),
});

type Box = readonly [number, number, number];

/** Each region from a voxel of its own, by flooding. */
function flood(kinds: readonly number[], [depth, height, width]: Box) {
  const seen = new Set<number>();
  const found: { kind: number; voxels: number; sum: number; depth: number }[] = [];
  for (let start = 0; start < depth * height * width; start += 1) {
    if (kinds[start] === 0 || seen.has(start)) continue;
    const region = { kind: kinds[start] ?? 0, voxels: 0, sum: 0, depth: 0 };
    const open = [start];
    seen.add(start);
    for (let voxel = open.pop(); voxel !== undefined; voxel = open.pop()) {
      region.voxels += 1;
      region.sum += voxel;
      region.depth = Math.max(region.depth, voxel);
      const [z, y, x] = [Math.floor(voxel / (height * width)), Math.floor(voxel / width) % height, voxel % width];
      for (const [dz, dy, dx] of [
        [1, 0, 0],
        [-1, 0, 0],
        [0, 1, 0],
        [0, -1, 0],
        [0, 0, 1],
        [0, 0, -1],
      ] as const) {
        const [a, b, c] = [z + dz, y + dy, x + dx];
        const next = (a * height + b) * width + c;
        if (a < 0 || b < 0 || c < 0 || a >= depth || b >= height || c >= width) continue;
        if (seen.has(next) || kinds[next] !== region.kind) continue;
        seen.add(next);
        open.push(next);
      }
    }
    found.push(region);
  }
  return found;
}

const byDepth = (a: { readonly depth: number }, b: { readonly depth: number }) => a.depth - b.depth;

function inBlocks(kinds: readonly number[], [depth, height, width]: Box, [bz, by, bx]: Box): readonly ErrorRegion[] {
  const counter = createRegionCounter();
  for (let z = 0; z < depth; z += bz) {
    for (let y = 0; y < height; y += by) {
      for (let x = 0; x < width; x += bx) {
        const shape = [Math.min(bz, depth - z), Math.min(by, height - y), Math.min(bx, width - x)] as const;
        const voxels = Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
          const [dz, dy, dx] = [
            Math.floor(i / (shape[1] * shape[2])),
            Math.floor(i / shape[2]) % shape[1],
            i % shape[2],
          ];
          return ((z + dz) * height + y + dy) * width + x + dx;
        });
        const values = Float64Array.from(voxels);
        const own = Uint8Array.from(voxels, (voxel) => kinds[voxel] ?? 0);
        counter.add({ kinds: own, depths: values, values, shape, at: [z, y, x] });
      }
    }
  }
  return counter.regions();
}

describe("regions of errors", () => {
  it("are those that hang together, however the volume is cut into blocks", () => {
    fc.assert(
      fc.property(volume, ({ shape, block, kinds }) => {
        const found = inBlocks(kinds, shape, block);
        const plain = found.map(({ kind, voxels, sum, depth }) => ({ kind, voxels, sum, depth }));
        expect(plain.toSorted(byDepth)).toEqual(flood(kinds, shape).toSorted(byDepth));
        for (const { depth, place } of found) {
          const [z = 0, y = 0, x = 0] = place;
          expect((z * shape[1] + y) * shape[2] + x).toBe(depth);
        }
      }),
    );
  });
});
