export const meta = { name: 'composed', description: 'Schemas out of parts' }
const str = (description) => ({ type: 'string', ...(description && { description }) })
const num = (min, max) => ({ type: 'number', minimum: min, maximum: max })
const arr = (items, opts = {}) => ({ type: 'array', items, ...opts })
const enumOf = (...values) => ({ type: 'string', enum: values })
function obj(props, { optional = [] } = {}) {
  return { type: 'object', properties: props, required: Object.keys(props).filter((k) => !optional.includes(k)), additionalProperties: false }
}
const withMeta = (schema) => ({ ...schema, properties: { ...schema.properties, confidence: num(0, 1) }, required: [...schema.required, 'confidence'] })
const nullable = (schema) => ({ anyOf: [schema, { type: 'null' }] })

const Place = obj({ file: str('path from the root'), line: num(1, 1e6), column: nullable(num(1, 500)) }, { optional: ['column'] })
const Finding = withMeta(obj({ title: str(), severity: enumOf('low', 'high'), place: Place }))
const Report = obj({ findings: arr(Finding, { maxItems: 20 }), summary: str('one sentence') })
const Strict = Object.assign({}, Report, { title: 'Report' })
const Copy = structuredClone(Strict)
delete Copy.title

const report = await agent('Review.', { schema: Report })
for (const f of report?.findings ?? []) log(f.title, f.severity, f.place.file, f.place.line, f.confidence, f.place.column ?? 0)
const again = await agent('Again.', { schema: Copy })
log(again?.summary)
const schemas = { report: Report, place: Place }
const one = await agent('Where?', { schema: schemas.place })
log(one?.file, one?.column)
const map = new Map(Object.entries(schemas))
const two = await agent('Where else?', { schema: map.get('place') })
log(two?.anything)
const open = await agent('Free.', { schema: { type: 'object', properties: { id: str() }, required: ['id'], additionalProperties: { type: 'string' } } })
log(open?.id, open?.whatever)
const pat = await agent('Pattern.', { schema: { type: 'object', patternProperties: { '^x_': { type: 'number' } }, properties: { y: num(0, 1) } } })
log(pat?.x_1, pat?.y)
const either = await agent('Either.', { schema: { type: 'object', oneOf: [{ properties: { a: str() }, required: ['a'] }, { properties: { b: num(0, 1) }, required: ['b'] }] } })
log(either?.a ?? either?.b)
return report
