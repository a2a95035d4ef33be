/** What is answered, before it is made a `Response` or written to a socket. */
export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body?: Body | undefined
  /** Each is a header of its own: they cannot be joined. */
  readonly cookies?: readonly string[]
}

export type Body = string | Uint8Array | ReadableStream<Uint8Array>

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string> = {}): Answer {
  return { status, headers }
}

/** The answer as a `Response`. */
export function toResponse({ status, headers, body, cookies = [] }: Answer): Response {
  const response = new Response((body as string | undefined) ?? null, { status, headers })
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

/** What somebody else has answered, who may give the same `Response` again and again. */
export function fromResponse(response: Response): Answer {
  const { 'set-cookie': _, ...headers } = Object.fromEntries(response.headers)
  return {
    status: response.status,
    headers,
    body: (response.clone().body as ReadableStream<Uint8Array> | null) ?? undefined,
    cookies: response.headers.getSetCookie(),
  }
}

/** Adds to `Vary`. */
export function vary(headers: Record<string, string>, name: string): void {
  headers.vary = headers.vary ? `${headers.vary}, ${name}` : name
}
