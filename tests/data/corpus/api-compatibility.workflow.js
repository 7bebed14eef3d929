export const meta = {
  name: 'api-compatibility',
  description: 'Compare the public API of two versions and judge each difference',
  phases: [{ title: 'Extract' }, { title: 'Compare' }, { title: 'Judge' }],
}

const SYMBOL_SHAPE = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    kind: { enum: ['function', 'class', 'constant', 'type'] },
    signature: { type: 'string' },
    deprecated: { type: 'boolean' },
  },
  required: ['name', 'kind', 'signature'],
}
const API = { type: 'object', properties: { symbols: { type: 'array', items: SYMBOL_SHAPE } }, required: ['symbols'] }
const JUDGEMENT = {
  type: 'object',
  properties: { breaking: { type: 'boolean' }, advice: { type: 'string' } },
  required: ['breaking'],
}

const before = args?.before ?? 'the last tag'
const after = args?.after ?? 'HEAD'

phase('Extract')
const extract = async (version) => {
  const api = await agent(`List the public symbols of the library at ${version}.`, { schema: API, label: `API of ${version}` })
  if (!api) throw new Error(`The API of ${version} could not be read.`)
  return new Map(api.symbols.map((symbol) => [symbol.name, symbol]))
}
const [old, current] = await Promise.all([extract(before), extract(after)])

phase('Compare')
const differences = []
for (const [name, symbol] of old) {
  const now = current.get(name)
  if (!now) {
    differences.push({ name, what: 'removed', was: symbol.signature, deprecated: symbol.deprecated === true })
  } else if (now.signature !== symbol.signature) {
    differences.push({ name, what: 'changed', was: symbol.signature, now: now.signature, deprecated: false })
  }
}
const added = [...current.keys()].filter((name) => !old.has(name))
log(`${differences.length} differences, ${added.length} added`)

phase('Judge')
const judged = await pipeline(
  differences,
  (difference) => {
    if (difference.what === 'removed' && difference.deprecated) {
      return { ...difference, breaking: false, advice: 'It was deprecated.' }
    }
    return agent(`Is this difference breaking?\n${JSON.stringify(difference)}`, {
      label: difference.name,
      schema: JUDGEMENT,
    }).then((judgement) => (judgement ? { ...difference, ...judgement } : null))
  },
  (judgement, difference) => judgement ?? { ...difference, breaking: true, advice: 'Nobody judged it.' },
  (judgement) => ({ ...judgement, level: judgement.breaking ? 'major' : 'patch' }),
)

const kept = judged.filter((entry) => entry !== null)
const breaking = kept.filter((entry) => entry.breaking)
const level = breaking.length ? 'major' : added.length ? 'minor' : 'patch'
return {
  level,
  breaking: breaking.map(({ name, what, advice }) => `${name} (${what}): ${advice ?? 'no advice'}`),
  added,
  unchanged: old.size - differences.length,
}
