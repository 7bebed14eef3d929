//- case: found
import { readFile } from 'node:fs/promises'
//@ 1-43 module-import: only agents can read and write files
import 'x'
//@ 1-10 module-import
const path = await import('node:path')
//                 ^^^^^^^^^^^^^^^^^^^ module-import: `import()`
const here = import.meta.url
//           ^^^^^^^^^^^ module-import: `import.meta`
//- case: look-alikes
// ok: in texts and comments: import fs from 'fs'
const text = await agent(`Remove "import fs from 'fs'" and import('x').`)
// ok: as a key
const plan = { import: text, from: 'x' }
return plan.import
//- case: ignored
// callsheet-ignore module-import: removed by a build step
import 'x'
