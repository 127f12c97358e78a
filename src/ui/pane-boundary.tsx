import { Component, type ErrorInfo, type ReactNode } from "react";

type Props = { readonly name: string; readonly children: ReactNode };
type State = { readonly error: Error | undefined };

/** One pane fails, the others stay. */
export class PaneBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`The ${this.props.name} pane failed.`, error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="dv-pane-failed" role="alert">
        <p>
          The {this.props.name} could not be drawn: {error.message} The rest of the page still works.
        </p>
        <button type="button" className="dv-button" onClick={() => this.setState({ error: undefined })}>
          Draw it again
        </button>
      </div>
    );
  }
}
