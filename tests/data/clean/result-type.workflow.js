export const meta = { name: 'result-type', description: 'Ok and Err wrappers around agents' }
const Ok = (value) => ({ ok: true, value })
const Err = (error) => ({ ok: false, error })
const attempt = async (label, fn) => {
  try {
    const value = await fn()
    return value === null ? Err(`${label}: no answer`) : Ok(value)
  } catch (e) {
    return Err(`${label}: ${e.message}`)
  }
}
const mapOk = (r, fn) => (r.ok ? Ok(fn(r.value)) : r)
const unwrapOr = (r, fallback) => (r.ok ? r.value : fallback)
const SCHEMA = { type: 'object', properties: { deps: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, outdated: { type: 'boolean' } }, required: ['name', 'outdated'] } } }, required: ['deps'] }
const scan = await attempt('scan', () => agent('Scan the dependencies.', { schema: SCHEMA }))
if (!scan.ok) return { error: scan.error }
const outdated = scan.value.deps.filter((d) => d.outdated)
const names = mapOk(scan, (v) => v.deps.map((d) => d.name))
const fixes = await Promise.all(outdated.map(({ name }) => attempt(name, () => agent(`Update ${name}.`, { isolation: 'worktree' }))))
const [good, bad] = fixes.reduce(([g, b], f) => (f.ok ? [[...g, f.value], b] : [g, [...b, f.error]]), [[], []])
log(`${good.length} fixed, ${bad.length} failed`)
return { names: unwrapOr(names, []), good, bad }
