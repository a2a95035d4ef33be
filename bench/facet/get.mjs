import { library } from '../library.mjs'
import { getCase } from './through.mjs'

/** Getting an object through a facet, beside getting an instance of the model. */
export default getCase('memory', async objects => (await library('index.js')).memory({ objects }))
