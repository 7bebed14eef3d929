"""The language as data: written once, read by rules, completion, hover, the docs, the sandbox and "
"`workflow.d.ts`."""
