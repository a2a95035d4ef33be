import { memory } from '../../stores/memory.js'
import { histories } from './histories.js'

histories('memory', { open: () => memory(), count: 170, gate: 6700 })
