import { Datastore, type DatastoreError, type DatastoreOptions } from '../../../models/datastore.js'
import { folder } from '../../stores/json-file/folder.js'

/** What a test stores. */
export interface Documents {
  [key: string]: { n?: number; [name: string]: unknown }
}

/** A folder for the suite in which this is called, and datastores in it, which are closed after each test. */
export function opening() {
  const files = folder()
  const opened: Datastore<Documents>[] = []
  afterEach(async () => {
    for (const datastore of opened.splice(0)) await datastore.close()
  })

  return {
    ...files,
    /** Loads the datastore of the folder. */
    async open(options: Partial<DatastoreOptions<Documents>> = {}): Promise<Datastore<Documents>> {
      const datastore = new Datastore<Documents>({
        ...(!('store' in options || 'db' in options) && { directory: files.path(''), durability: 'relaxed' }),
        ...options,
      } as DatastoreOptions<Documents>)
      opened.push(datastore)
      return datastore.load()
    },
  }
}

/** The error with which the work is refused. */
export async function refusal(work: Promise<unknown>): Promise<DatastoreError> {
  try {
    await work
  } catch (error) {
    return error as DatastoreError
  }
  throw new Error('nothing was refused')
}
