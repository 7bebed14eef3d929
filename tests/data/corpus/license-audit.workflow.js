export const meta = {
  name: 'license-audit',
  description: 'Which licences do the dependencies have, and may we use them?',
  phases: [{ title: 'List' }, { title: 'Look up' }, { title: 'Ask' }],
}

const ALLOWED = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD'])
const ASK = new Set(['MPL-2.0', 'LGPL-3.0-only', 'EPL-2.0'])

const str = { type: 'string' }
const arr = (items) => ({ type: 'array', items })
const obj = (properties, optional = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
})

const LIST = obj({ packages: arr(obj({ name: str, version: str, dev: { type: 'boolean' } }, ['dev'])) })
const LICENCE = obj({ spdx: str, file: str, dual: arr(str) }, ['file', 'dual'])

const parse = (expression) =>
  expression
    .replace(/[()]/g, ' ')
    .split(/\s+(?:OR|AND|WITH)\s+/i)
    .map((part) => part.trim())
    .filter((part) => part.length > 0)

function judge(licence) {
  if (licence == null) return 'unknown'
  const { spdx, dual } = licence
  const all = dual?.length ? dual : parse(spdx)
  if (all.some((name) => ALLOWED.has(name))) return 'fine'
  return all.some((name) => ASK.has(name)) ? 'ask' : 'refused'
}

phase('List')
const list = await agent('List the direct dependencies with name and version.', { schema: LIST, label: 'dependencies' })
const packages = list?.packages?.filter(({ dev }) => !dev || args?.dev) ?? []

phase('Look up')
const verdicts = { fine: [], ask: [], refused: [], unknown: [] }
const CHUNK = 10
for (let offset = 0; offset < packages.length; offset += CHUNK) {
  const slice = packages.slice(offset, offset + CHUNK)
  const licences = await parallel(
    slice.map(({ name, version }) => () =>
      agent(`Under which licence is ${name}@${version}? Read its package metadata and its licence file.`, {
        label: name,
        phase: 'Look up',
        schema: LICENCE,
        tier: 'small',
      }),
    ),
  )
  licences.forEach((licence, i) => verdicts[judge(licence)].push({ ...slice[i], spdx: licence?.spdx ?? null }))
}
for (const [verdict, entries] of Object.entries(verdicts)) log(`${verdict}: ${entries.length}`)

phase('Ask')
const waived = []
for (const { name, spdx } of verdicts.ask) {
  const yes = await checkpoint(`May we use ${name} under ${spdx}?`, { default: false })
  if (yes) waived.push(name)
}
const refused = [...verdicts.refused, ...verdicts.ask.filter(({ name }) => !waived.includes(name))]
let advice = null
if (refused.length > 0) {
  const names = refused.map(({ name, spdx }) => `${name} (${spdx})`).join(', ')
  advice = await agent(`By what could these be replaced? ${names}`)
}
return { ok: refused.length === 0 && verdicts.unknown.length === 0, refused, advice, unknown: verdicts.unknown.map(({ name }) => name) }
