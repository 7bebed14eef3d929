//- case: annotation
const names: string[] = args.names
//         ^^^^^^^^^^ typescript-syntax: type annotation
return names
//- case: parameters
const upper = (name: string) => name.toUpperCase()
//                 ^^^^^^^^ typescript-syntax: type annotation
return upper('a')
//- case: return type
function first(names): string { return names[0] }
//                   ^^^^^^^^ typescript-syntax: type annotation
return first(['a'])
//- case: meta
//- bare
export const meta: Meta = { name: 'x', description: 'y' }
//               ^^^^^^ typescript-syntax: type annotation
return 1
//- case: interface
interface Finding { file: string }
//@ 1-9 typescript-syntax: `interface`
return null
//- case: type
type Names = string[]
//@ 1-4 typescript-syntax: `type`
return null
//- case: enum
enum Color { Red, Green }
//@ 1-4 typescript-syntax: `enum`
return null
//- case: as
const names = args.names as string[]
//                       ^^^^^^^^^^^ typescript-syntax: `as`
return names
//- case: as const
const levels = ['low', 'high'] as const
//                             ^^^^^^^^ typescript-syntax: `as`
return levels
//- case: satisfies
const options = { label: 'x' } satisfies AgentOptions
//                             ^^^^^^^^^^^^^^^^^^^^^^ typescript-syntax: `satisfies`
return options
//- case: non-null
const first = args.names![0]
//                      ^ typescript-syntax: non-null
return first
//- case: type arguments
const found = new Map<string, number>()
//                   ^^^^^^^^^^^^^^^^ typescript-syntax
return found.size
//- case: type argument of a call
const r = identity<Finding>(args)
//                ^^^^^^^^^ typescript-syntax: Type arguments
function identity(x) { return x }
return r
//- case: modifier
class Box { private items = [] }
//          ^^^^^^^ typescript-syntax: `private`
return new Box()
//- case: a constant enum
const enum Color { Red = 1 }
//    ^^^^ typescript-syntax: `enum`
return Color.Red
//- case: module
module Colors { }
//@ 1-6 typescript-syntax: `module`
return 1
//- case: members of an interface are part of it
export interface Finding extends Base<string> {
  //   ^^^^^^^^^ typescript-syntax: `interface`
  file?: string
  readonly line: number
  shown(width: number): string
}
return 1
//- case: a pattern
const { a, b }: { a: string; b: number } = args
//            ^^^^^^^^^^^^^^^^^^^^^^^^^^ typescript-syntax: type annotation
return a + b
//- case: fields
class Box { size: number = 1; static names: string[] = [] }
//              ^^^^^^^^ typescript-syntax: type annotation
//                                        ^^^^^^^^^^ typescript-syntax: type annotation
return new Box().size
//- case: type arguments of what is extended
class Index extends Map<string, number> {}
//                     ^^^^^^^^^^^^^^^^ typescript-syntax: type parameter
return new Index()
//- case: a type predicate
const isText = (x): x is string => typeof x === 'string'
//                ^^^^^^^^^^^^^ typescript-syntax: type annotation
return isText(1)
//- case: decorators
@sealed class Box { @bound open() { return 1 } }
//@ 1-7 typescript-syntax: decorator
//                  ^^^^^^ typescript-syntax: decorator
return new Box().open()
//- case: an import assignment
import tools = require('tools')
//@ 1-14 typescript-syntax: `import … =`
return tools
//- case: no TypeScript
// ok: names that TypeScript gives a meaning
const type = 'a', as = 1, of = 2, declare = 3, satisfies = 4
// ok: colons of objects, labels, cases and conditions
const picked = { type: as, readonly: of > 1 ? declare : satisfies }
outer: for (const item of [1]) { if (item < 2 && as > (of)) continue outer }
switch (type) { case 'a': break; default: }
const text = `const x: string = y as string`
return { picked, text }
//- case: ignored
// callsheet-ignore typescript-syntax: shown in a talk
type Names = string[]
return null
