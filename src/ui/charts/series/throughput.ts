/** Steps in a second, or samples where the batch size is known; infinite where a step is recorded to have taken no time. */
export function toThroughput(times: Float64Array, batchSize = 1): Float64Array {
  const rates = new Float64Array(times.length);
  for (let i = 0; i < rates.length; i++) rates[i] = batchSize / (times[i] as number);
  return rates;
}

/** Sum of the finite values, in the unit of the column. */
export function totalOf(column: Float64Array): number {
  let total = 0;
  for (const value of column) if (Number.isFinite(value)) total += value;
  return total;
}
