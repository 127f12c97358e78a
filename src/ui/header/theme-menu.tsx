import { Monitor, Moon, Sun } from "lucide-react";
import type { Theme } from "#state/app-state.ts";
import { useAppState, useCommands } from "../app-context.ts";
import { Popover } from "../parts/popover.tsx";
import { useResolvedTheme } from "../use-theme.ts";

const choices: readonly { readonly value: Theme; readonly text: string; readonly Icon: typeof Sun }[] = [
  { value: "dark", text: "Dark", Icon: Moon },
  { value: "light", text: "Light", Icon: Sun },
  { value: "system", text: "As the system", Icon: Monitor },
];

export function ThemeMenu() {
  const resolved = useResolvedTheme();
  return (
    <Popover label="Theme" icon button={resolved === "dark" ? <Moon size={16} /> : <Sun size={16} />}>
      {() => <ThemeChoices />}
    </Popover>
  );
}

function ThemeChoices() {
  const theme = useAppState((state) => state.theme);
  const { setTheme } = useCommands();
  return (
    <fieldset className="dv-follow">
      <legend>Theme</legend>
      {choices.map(({ value, text, Icon }) => (
        <label key={value} className="dv-check">
          <input type="radio" checked={theme === value} onChange={() => setTheme(value)} />
          <Icon size={14} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
