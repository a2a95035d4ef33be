import { type Connection, connect } from './connection.js'

/** A connection that is lent. */
export interface Reader {
  readonly connection: Connection
  /** To be called once. */
  giveBack(): void
}

/** Read-only connections beside the one that writes: each sees the last commit, and one state while it iterates. */
export interface Readers {
  /** Lends a connection; `undefined` if too many are out already. */
  borrow(): Reader | undefined
  /** Does work that ends at once. */
  use<R>(work: (connection: Connection) => R): R
  close(): void
}

/** How many stay open when nobody needs them. */
const maxIdle = 4
/** How many may be out: each keeps SQLite from clearing its log of what was written since. */
const maxLent = 32

export function readers(path: string): Readers {
  const idle: Reader[] = []
  let lent = 0
  let open = true

  function reader(): Reader {
    const connection = connect(path, { readonly: true })
    const made = {
      connection,
      giveBack() {
        lent--
        connection.endReading()
        if (open && idle.length < maxIdle) idle.push(made)
        else connection.close()
      },
    }
    return made
  }

  function lend(): Reader {
    const lending = idle.pop() ?? reader()
    lent++
    return lending
  }

  return {
    borrow: () => (lent < maxLent ? lend() : undefined),
    use(work) {
      const { connection, giveBack } = lend()
      try {
        return work(connection)
      } finally {
        giveBack()
      }
    },
    close() {
      open = false
      for (const { connection } of idle.splice(0)) connection.close()
    },
  }
}
