/** What went wrong, as one line that says what to do next, and as an exit code. */
import { type ErrorName, isStoreError, type StoreError } from '../lib/errors.js'
import { safe } from './output/safe.js'
import { enough, type World } from './world.js'

/** The exit codes, as they are documented. */
export const codes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  notNow: 5,
  damaged: 6,
  interrupted: 130,
} as const

/** Something that a command says for itself. */
export class Failure extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** What to do next. */
    readonly hint?: string,
  ) {
    super(message)
  }
}

/** Wrong arguments. */
export function usage(message: string, hint = 'see --help'): Failure {
  return new Failure(codes.usage, message, hint)
}

/** An object that is not there. */
export function nothing(id: string, address: string): Failure {
  return new Failure(codes.notFound, `nothing is stored under ${id} in ${address}`, 'holdfast query lists what is')
}

const codesOf: Partial<Record<ErrorName, number>> = {
  NotFoundError: codes.notFound,
  NotSupportedError: codes.usage,
  ConstraintError: codes.refused,
  PreconditionFailedError: codes.refused,
  DataError: codes.refused,
  DataCloneError: codes.refused,
  ValidationError: codes.refused,
  TransactionInactiveError: codes.refused,
  InvalidStateError: codes.notNow,
  TimeoutError: codes.notNow,
  OutcomeUnknownError: codes.notNow,
  CorruptError: codes.damaged,
}

/** Says what failed on stderr, in one line. Gives the exit code. */
export function report(world: World, thrown: unknown, json = false): number {
  const { signal, stderr, env } = world
  // what has ended the command says more than that it was ended
  const error = signal.aborted && isAbort(thrown) ? signal.reason : thrown
  if (signal.aborted && error === enough) return codes.done
  if (signal.aborted && isAbort(error)) {
    stderr.write('holdfast: interrupted; what was done stays, and the same command goes on from there\n')
    return codes.interrupted
  }
  const { code, message, hint } = described(error)
  const name = error instanceof Error && isStoreError(error) ? { error: error.name } : {}
  const line = json ? safe(JSON.stringify({ ...name, code, message, hint })) : `holdfast: ${oneLine(message, hint)}`
  stderr.write(`${line}\n`)
  if (env.HOLDFAST_DEBUG && error instanceof Error) stderr.write(`${error.stack}\n`)
  return code
}

const isAbort = (error: unknown) => error instanceof Error && error.name === 'AbortError'

export function oneLine(message: string, hint?: string): string {
  return safe(
    [message, hint]
      .filter(Boolean)
      .join('; ')
      .replace(/\s*\n\s*/g, ' '),
  )
}

function described(error: unknown): { code: number; message: string; hint?: string | undefined } {
  if (error instanceof Failure) return error
  if (isStoreError(error)) {
    const far = /connection broke off/.test(error.message)
    if (far) return { code: codes.notNow, message: error.message, hint: 'is the server there?' }
    return { code: codesOf[error.name] ?? codes.failed, message: error.message, hint: hintFor(error) }
  }
  const { code: system, message, syscall } = error as NodeJS.ErrnoException
  if (system === 'EADDRINUSE') {
    return { code: codes.notNow, message: 'the port is in use', hint: '--port 0 takes one that is free' }
  }
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    return { code: codes.failed, message, hint: '--host and --port say where to listen' }
  }
  if (system === 'ENOENT') return { code: codes.notFound, message, hint: 'check the path' }
  if (typeof system === 'string')
    return { code: codes.failed, message, hint: system === 'ENOSPC' ? 'make room' : 'check the path' }
  const hint = 'this is not what should happen: HOLDFAST_DEBUG=1 shows where, for a report'
  return { code: codes.failed, message: error instanceof Error ? error.message : String(error), hint }
}

/** What to do about it, unless the message says so. */
function hintFor({ name, message }: StoreError): string | undefined {
  if (/ in use by /.test(message)) return 'wait until it ends, or ask it: holdfast serve gives a store an address'
  if (/ cannot be found: ENOENT/.test(message)) return 'make its directory first'
  if (/ has no \w+$/.test(message))
    return '--id-property names the property with the ids; holdfast import gives ids to what has none'
  if (/ again\b/.test(message)) return undefined
  if (/recover\(/.test(message)) return 'holdfast recover does that'
  return hints[name]
}

const hints: Partial<Record<ErrorName, string>> = {
  NotFoundError: 'check the address; put, import and copy make a store',
  NotAllowedError: 'ask whom it belongs to, or give a token by --token-file',
  CorruptError: 'holdfast check lists all that is damaged, holdfast recover saves the rest',
  ConstraintError: 'holdfast get shows what is there',
  PreconditionFailedError: 'read it again, and repeat the change on that',
  TimeoutError: 'try it again',
  OutcomeUnknownError: 'look with holdfast get before you try it again',
  QuotaExceededError: 'make room, and try it again',
}
