import { type ComponentType, lazy } from "react";

export type LazyPart<Props> = ComponentType<Props> & {
  /** Fetches the code ahead; a failure costs nothing until the part is drawn. */
  preload(): void;
};

/**
 * A component whose code comes with its first drawing. React's own lazy keeps a failed fetch for ever: here drawing it
 * anew fetches anew, as after a lost connection.
 */
export function lazyPart<Props extends object = object>(
  load: () => Promise<{ readonly default: ComponentType<Props> }>,
): LazyPart<Props> {
  const create = () =>
    lazy(async () => {
      try {
        return await load();
      } catch (error) {
        Current = create();
        throw error;
      }
    });
  let Current = create();
  const Part = (props: Props) => <Current {...props} />;
  return Object.assign(Part, { preload: () => void load().catch(() => undefined) });
}
