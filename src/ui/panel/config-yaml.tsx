import { Copy } from "lucide-react";
import { useCopy } from "../parts/use-copy.ts";

/** The config as it stands on disk. */
export function ConfigYaml({ name, text }: { readonly name: string; readonly text: string }) {
  const { copy, copied, failed } = useCopy();
  return (
    <section className="dv-section" aria-label="YAML">
      <h3>
        {name}.yaml
        <button type="button" className="dv-button" onClick={() => copy(text)}>
          <Copy size={13} /> {copied ? "Copied" : failed ? "The browser refused the clipboard" : "Copy"}
        </button>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard */}
      <pre className="dv-config dv-config-yaml" tabIndex={0}>
        {text}
      </pre>
    </section>
  );
}
