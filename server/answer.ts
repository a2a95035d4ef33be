/** What is answered, before it is made a `Response` or written to a socket. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body?: Body | undefined
}

export type Body = string | Uint8Array | ReadableStream<Uint8Array>

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers }
}

/** The answer as a `Response`. */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response((body as string | undefined) ?? null, { status, headers })
}

/** What somebody else has answered. */
export function fromResponse(response: Response): Answer {
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: (response.body as ReadableStream<Uint8Array> | null) ?? undefined,
  }
}

/** Adds to `Vary`. */
export function vary(headers: Record<string, string>, name: string): void {
  headers.vary = headers.vary ? `${headers.vary}, ${name}` : name
}
