import { type FSWatcher, watch } from "node:fs";
import { open } from "node:fs/promises";
import * as path from "node:path";
import type * as vscode from "vscode";

const SETTLE_MS = 50;
const CHUNK_BYTES = 1 << 20;

/** Reads the lines of a file, and those that are appended, as the system tells of them. */
export class FollowedFile implements vscode.Disposable {
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private offset = 0;
  private rest = Buffer.alloc(0);
  private reading: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly file: string,
    private readonly onLines: (lines: string[], restarted: boolean) => void,
  ) {}

  /** Begins to follow; answers the lines that are there. */
  async start(): Promise<string[]> {
    const name = path.basename(this.file);
    try {
      // The folder, not the file: the file may not be there yet.
      this.watcher = watch(path.dirname(this.file), (_event, changed) => {
        if (changed === null || changed === name) this.timer ??= setTimeout(() => this.more(), SETTLE_MS);
      });
      this.watcher.on("error", () => this.watcher?.close());
    } catch {
      // A folder that is gone: what is there is all there will be.
    }
    const { lines } = await this.read();
    return lines;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher?.close();
  }

  private more(): void {
    this.timer = undefined;
    this.reading = this.reading.then(async () => {
      const { lines, restarted } = await this.read();
      if (lines.length || restarted) this.onLines(lines, restarted);
    });
  }

  private async read(): Promise<{ lines: string[]; restarted: boolean }> {
    let restarted = false;
    const parts = [this.rest];
    try {
      const handle = await open(this.file, "r");
      try {
        const { size } = await handle.stat();
        if (size < this.offset) {
          restarted = true;
          this.offset = 0;
          parts.splice(0, 1, Buffer.alloc(0));
        }
        const buffer = Buffer.alloc(CHUNK_BYTES);
        for (;;) {
          const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, this.offset);
          if (!bytesRead) break;
          this.offset += bytesRead;
          parts.push(Buffer.from(buffer.subarray(0, bytesRead)));
        }
      } finally {
        await handle.close();
      }
    } catch {
      return { lines: [], restarted };
    }
    const bytes = Buffer.concat(parts);
    const end = bytes.lastIndexOf(10) + 1;
    this.rest = bytes.subarray(end);
    return { lines: bytes.subarray(0, end).toString("utf8").split("\n").filter(Boolean), restarted };
  }
}
