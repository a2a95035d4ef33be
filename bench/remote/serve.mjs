/** Serves objects from a process of its own: what it costs is not the client's. Tells its address. */
import { objects } from '../data/objects.mjs'
import { library } from '../library.mjs'

const { Model, memory } = await library('index.js')
const { permissive } = await library('models/facet.js')
const { listen } = await library('server/listen.js')

process.on('disconnect', () => process.exit())
const User = Model(memory({ objects: objects(Number(process.argv[2])) }), {})
const { url } = await listen({ users: permissive(User) }, { limits: { requestsPerSocket: 1e9 } })
process.send({ url: new URL('/users', url).href })
