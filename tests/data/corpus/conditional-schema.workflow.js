// The schema depends on the arguments, is put together from parts, and some calls have none.
export const meta = {
  name: 'conditional-schema',
  description: 'Extract structured or free text, as the caller likes',
}

const base = { id: { type: 'string', pattern: '^[A-Z]+-\\d+$' }, title: { type: 'string' } }
const withPeople = { ...base, people: { type: 'array', items: { type: 'string' } } }
const withDates = { ...base, due: { type: 'string', format: 'date' }, started: { type: ['string', 'null'] } }

const object = (properties, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

const SCHEMAS = {
  people: object(withPeople),
  dates: object(withDates, ['id', 'title', 'due']),
}

const mode = args?.mode
const structured = mode in SCHEMAS
const options = structured ? { schema: SCHEMAS[mode], label: `extract ${mode}` } : { label: 'extract text' }

const first = await agent('Extract the ticket at the top of the board.', options)
const second = await agent('Extract the next one.', { ...options, effort: args?.careful ? 'high' : 'low' })

const describe = (ticket) => {
  if (ticket === null) return 'nothing'
  if (typeof ticket === 'string') return ticket
  return `${ticket.id}: ${ticket.title}${ticket.people ? ` (${ticket.people.join(', ')})` : ''}`
}

const strict = args?.strict
  ? { type: 'object', properties: { verdict: { const: 'fine' } }, required: ['verdict'] }
  : { type: 'object', properties: { verdict: { enum: ['fine', 'wrong', 'unclear'] } }, required: ['verdict'] }

const judged = await parallel(
  [first, second].map((ticket, index) => () =>
    agent(`Is this ticket complete? ${describe(ticket)}`, { schema: strict, label: `judge ${index + 1}` }),
  ),
)

let verdicts = 'none'
if (judged.some((answer) => answer !== null)) {
  verdicts = judged.map((answer) => answer?.verdict ?? 'no answer').join(', ')
}
log(verdicts)

const maybe = args?.extra ? await agent('Anything else?', { schema: args.extra }) : undefined
return { tickets: [first, second].map(describe), verdicts, ...(maybe ? { extra: maybe } : {}) }
