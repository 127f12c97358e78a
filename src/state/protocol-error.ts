/** Why a request is answered with an `error` message; `subject` is the URL or name that it is about. */
export class ProtocolError extends Error {
  readonly code: string;
  readonly subject: string;

  constructor(code: string, subject: string, message: string) {
    super(message);
    this.name = "ProtocolError";
    this.code = code;
    this.subject = subject;
  }
}
