import { execFile } from "node:child_process";

const OUTPUT_BYTES = 64 << 20;

/** A file's bytes in a commit. */
export function fileAt(repository: string, commit: string, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { cwd: repository, maxBuffer: OUTPUT_BYTES, encoding: "buffer" } as const;
    execFile("git", ["cat-file", "blob", `${commit}:${path}`], options, (error, out, err) => {
      if (error) reject(new Error(err.toString("utf8").trim() || error.message));
      else resolve(out);
    });
  });
}
