export const meta = {
  name: 'recursion',
  description: 'Split a task until its parts are small, do them, and put the results together',
  phases: [{ title: 'Split' }, { title: 'Do' }, { title: 'Join' }],
}

const PARTS = {
  type: 'object',
  $defs: {
    part: {
      type: 'object',
      properties: { title: { type: 'string' }, size: { $ref: '#/$defs/size' }, parts: { type: 'array', items: { $ref: '#/$defs/part' } } },
      required: ['title', 'size'],
    },
    size: { enum: ['small', 'large'] },
  },
  properties: { parts: { type: 'array', items: { $ref: '#/$defs/part' }, minItems: 1, maxItems: 5 } },
  required: ['parts'],
}

const MAX_DEPTH = 3
let calls = 0

async function split(title, depth) {
  if (depth >= MAX_DEPTH || calls > 60) return { title, parts: [] }
  calls += 1
  const answer = await agent(`Split this task into at most five parts: ${title}`, { phase: 'Split', label: title, schema: PARTS })
  if (!answer) return { title, parts: [] }
  const parts = await Promise.all(
    answer.parts.map(({ title: inner, size, parts: given }) => {
      if (size === 'small') return { title: inner, parts: [] }
      if (given?.length) return { title: inner, parts: given.map((part) => ({ title: part.title, parts: [] })) }
      return split(inner, depth + 1)
    }),
  )
  return { title, parts }
}

const leaves = ({ title, parts }, path = []) =>
  parts.length ? parts.flatMap((part) => leaves(part, [...path, title])) : [{ title, path }]

const outline = (node, indent = 0) =>
  [`${'  '.repeat(indent)}- ${node.title}`, ...node.parts.map((part) => outline(part, indent + 1))].join('\n')

phase('Split')
const tree = await split(args?.task ?? 'write the documentation', 0)
const work = leaves(tree)
log(outline(tree))

phase('Do')
const results = await parallel(
  work.map(({ title, path }) => () =>
    agent(`Do this part: ${title}\nIt belongs to: ${path.join(' › ') || 'the whole'}`, { phase: 'Do', label: title }),
  ),
)
const done = work.map((part, index) => ({ ...part, result: results[index] })).filter(({ result }) => result !== null)

phase('Join')
const joined = await agent(
  `Put these ${done.length} results together in this order:\n\n${done.map(({ title, result }) => `# ${title}\n${result}`).join('\n\n')}`,
)
const check = await completenessCheck(tree.title, done.map(({ result }) => result))
return { joined, complete: check?.complete ?? false, missing: check?.missing ?? work.filter((_, i) => !results[i]).map((w) => w.title) }
