export type Fact = readonly [name: string, value: string | number | undefined];

/** Name and value pairs; what is undefined is left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="dv-facts">
      {facts.map(([name, value]) =>
        value === undefined ? undefined : (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
