import { parseArgs } from "node:util";

/** What the command line asks for. A port that is not given is looked for; one that is given is taken or refused. */
export type Arguments = {
  readonly kind: "serve";
  readonly directories: readonly string[];
  readonly port: number | undefined;
  readonly host: string;
  readonly open: boolean;
  readonly embedOrigins: readonly string[];
};

export type WrongArguments = { readonly kind: "wrong"; readonly message: string };
export type Asked = Arguments | WrongArguments | { readonly kind: "help" };

export const usage = `Usage: dacapo-run-viewer [DIR...] [--port N] [--host H] [--open] [--embed-origin ORIGIN]

  DIR                    a DaCapo runs base directory (configs/, stats/, one folder per run) or a single run folder
                         inside one; without any, the bundled demo runs are served
  --port N               the port to listen on (8377, or the next free one)
  --host H               the address to listen on (localhost: this machine only)
  --open                 open the page in the browser
  --embed-origin ORIGIN  a site that may embed the viewer, such as https://dash.example.org (repeatable)`;

const wrong = (message: string): WrongArguments => ({ kind: "wrong", message });

const optionTable = {
  port: { type: "string" },
  host: { type: "string", default: "localhost" },
  open: { type: "boolean", default: false },
  "embed-origin": { type: "string", multiple: true, default: [] as string[] },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Command-line words after the program's name. Total: what cannot be read comes back as one sentence that says what to do. */
export function parseArguments(words: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({ args: [...words], options: optionTable, allowPositionals: true });
    if (values.help) return { kind: "help" };
    return toArguments(values, positionals);
  } catch (cause) {
    return wrong(`${firstSentence(cause)} Run with --help for what can be given.`);
  }
}

type Values = { port?: string; host: string; open: boolean; "embed-origin": string[] };

function toArguments(values: Values, directories: readonly string[]): Asked {
  const port = toPort(values.port);
  if (port === "wrong") return wrong(`--port takes a whole number from 0 to 65535, not "${values.port}".`);
  if (values.host === "") return wrong("--host takes a host name or an address, such as localhost or 0.0.0.0.");
  const origins = values["embed-origin"].map((text) => ({ text, origin: toOrigin(text) }));
  const unclear = origins.find(({ origin }) => origin === undefined);
  if (unclear) return wrong(`--embed-origin takes an origin such as https://dash.example.org, not "${unclear.text}".`);
  const embedOrigins = origins.flatMap(({ origin }) => origin ?? []);
  return { kind: "serve", directories, port, host: values.host, open: values.open, embedOrigins };
}

function toPort(text: string | undefined): number | undefined | "wrong" {
  if (text === undefined) return undefined;
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port <= 65535 ? port : "wrong";
}

/** The origin that `text` spells, a trailing slash allowed; wildcards, paths and other schemes are none. */
function toOrigin(text: string): string | undefined {
  if (!/^https?:\/\/[^/?#@*\s;,]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}

function firstSentence(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return `${message.split(/\.\s/, 1)[0]?.replace(/\.$/, "") ?? ""}.`;
}
