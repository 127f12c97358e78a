/** Who wants to hear of T. A listener that throws does not keep the others from hearing. */
export type Listeners<T> = {
  add(listener: (value: T) => void): () => void;
  emit(value: T): void;
  clear(): void;
};

export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(value) {
      for (const listener of [...listeners]) {
        try {
          listener(value);
        } catch (error) {
          reportError(error);
        }
      }
    },
    clear: () => listeners.clear(),
  };
}
