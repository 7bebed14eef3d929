import { execFile } from "node:child_process";

const OUTPUT_BYTES = 64 << 20;

export interface ChangedFile {
  status: string;
  path: string;
  oldPath: string;
}

export class GitError extends Error {}

/** What a call's commit changed, by the ref that keeps it. */
export async function changedFiles(repository: string, ref: string): Promise<ChangedFile[]> {
  const out = await git(repository, "diff", "--name-status", "-z", "--find-renames", `${ref}^`, ref);
  const fields = out.toString("utf8").split("\0");
  const files: ChangedFile[] = [];
  while (fields.length > 1) {
    const status = fields.shift() ?? "";
    const oldPath = fields.shift() ?? "";
    const renamed = status.startsWith("R") || status.startsWith("C");
    files.push({ status: status.charAt(0), oldPath, path: renamed ? (fields.shift() ?? "") : oldPath });
  }
  return files;
}

/** A file's bytes in a commit. */
export function fileAt(repository: string, commit: string, path: string): Promise<Buffer> {
  return git(repository, "cat-file", "blob", `${commit}:${path}`);
}

function git(cwd: string, ...args: string[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: OUTPUT_BYTES, encoding: "buffer" } as const;
    execFile("git", args, options, (error, out, err) => {
      if (error) reject(new GitError(err.toString("utf8").trim() || error.message));
      else resolve(out);
    });
  });
}
