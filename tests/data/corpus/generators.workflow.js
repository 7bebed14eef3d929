export const meta = {
  name: 'generators',
  description: 'Walk a tree of modules lazily, in batches, with generators and labelled loops',
}

const CHILDREN = {
  type: 'object',
  properties: {
    children: { type: 'array', items: { type: 'string' } },
    isLeaf: { type: 'boolean' },
  },
  required: ['children', 'isLeaf'],
}

function* batches(items, size) {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}

function* pairs(list) {
  for (const [index, left] of list.entries()) {
    for (const right of list.slice(index + 1)) yield [left, right]
  }
}

async function* levels(root, depth) {
  let current = [root]
  for (let level = 0; level < depth && current.length; level++) {
    yield { level, modules: current }
    const next = []
    for (const batch of batches(current, 6)) {
      const answers = await parallel(
        batch.map((module) => () =>
          agent(`Which modules does ${module} import?`, { label: module, schema: CHILDREN, agentType: 'Explore' }),
        ),
      )
      for (const [index, answer] of answers.entries()) {
        if (answer === null) {
          log(`no answer for ${batch[index]}`)
          continue
        }
        if (!answer.isLeaf) next.push(...answer.children)
      }
    }
    current = [...new Set(next)]
  }
}

const all = []
for await (const { level, modules } of levels(args?.root ?? 'src/index.js', 4)) {
  log(`level ${level}: ${modules.length} modules`)
  all.push(...modules)
}

const cycles = []
search: for (const [left, right] of pairs(all.slice(0, 12))) {
  if (left === right) continue search
  const answer = await agent(`Do ${left} and ${right} import each other? Answer yes or no.`, { label: 'cycle?' })
  switch (answer?.trim().toLowerCase()) {
    case 'yes':
      cycles.push([left, right])
      if (cycles.length >= 3) break search
      break
    case 'no':
      break
    default:
      log(`unclear: ${left} and ${right}`)
  }
}
return { modules: all, cycles }
