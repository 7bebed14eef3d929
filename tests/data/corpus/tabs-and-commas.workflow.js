export const meta = {
	name: 'tabs-and-commas'
	, description: 'Find dead code by reachability'
	, phases: [
		{ title: 'Graph' }
		, { title: 'Dead' }
	]
}

const EDGES = {
	type: 'object'
	, properties: {
		exports: { type: 'array', items: { type: 'string' } }
		, uses: {
			type: 'array'
			, items: {
				type: 'object'
				, properties: { from: { type: 'string' }, to: { type: 'string' } }
				, required: ['from', 'to']
			}
		}
	}
	, required: ['exports', 'uses']
}

const
	roots = args?.roots ?? ['src/index.ts']
	, folders = args?.folders ?? ['src/a', 'src/b', 'src/c']
	, graph = new Map
	, add = (from, to) => {
		graph.has(from) || graph.set(from, new Set)
		graph.get(from).add(to)
	}

phase('Graph')
const scans = await parallel(folders.map(folder => () => agent(
	`Which names does ${folder} export, and which of its names use which?`
	, { label: folder, schema: EDGES, agentType: 'Explore' }
)))
const names = new Set
for (const scan of scans) {
	scan?.exports.forEach(name => names.add(name))
	scan && scan.uses.forEach(({ from, to }) => add(from, to))
}

const reached = new Set, queue = [...roots]
while (queue.length) {
	const name = queue.pop()
	if (reached.has(name)) continue
	reached.add(name)
	for (const next of graph.get(name) ?? []) queue.push(next)
}

phase('Dead')
const dead = [...names].filter(name => !reached.has(name)).sort()
const answers = await parallel(dead.map(name => async () => {
	const answer = await agent(`Is ${name} used by name anywhere, in strings or configuration? yes or no`, { label: name })
	return answer ? /^\s*no\b/i.test(answer) : false
}))
const sure = dead.filter((_, i) => answers[i])
log(`${sure.length} of ${names.size} names are dead`)
return { sure, unsure: dead.filter((_, i) => !answers[i]) }
