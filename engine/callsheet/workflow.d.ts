// Made by `python -m scripts.generate` from the tables in code. Edit those.
// Types for workflow scripts: `/// <reference path="workflow.d.ts" />`, or `files` in a jsconfig.json.
/// <reference no-default-lib="true" />
/// <reference lib="es2023" />

/** A JSON Schema, Draft 2020-12. */
type JSONSchema = { readonly [keyword: string]: any };

/** The values that a literal schema allows; `any` where the schema does not tell. */
type FromSchema<S> = S extends { readonly const: infer C }
  ? C
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly anyOf: readonly (infer A)[] }
      ? FromSchema<A>
      : S extends { readonly oneOf: readonly (infer O)[] }
        ? FromSchema<O>
        : S extends { readonly type: infer T }
          ? FromType<T, S>
          : any;

type FromType<T, S> = T extends readonly (infer U)[]
  ? U extends string
    ? FromType<U, S>
    : any
  : string extends T
    ? any
    : T extends 'string'
      ? string
      : T extends 'number' | 'integer'
        ? number
        : T extends 'boolean'
          ? boolean
          : T extends 'null'
            ? null
            : T extends 'array'
              ? S extends { readonly items: infer I }
                ? Array<FromSchema<I>>
                : any[]
              : T extends 'object'
                ? FromObject<S>
                : any;

type FromObject<S> = S extends { readonly properties: infer P }
  ? Simplify<
      { -readonly [K in keyof P as K extends RequiredKeys<S> ? K : never]: FromSchema<P[K]> } & {
        -readonly [K in keyof P as K extends RequiredKeys<S> ? never : K]?: FromSchema<P[K]>;
      }
    >
  : { [key: string]: any };

type RequiredKeys<S> = S extends { readonly required: readonly (infer R)[] } ? R : never;
type Simplify<T> = { [K in keyof T]: T[K] };

/** `filter(Boolean)` drops the nulls of agents that failed. */
interface Array<T> {
  filter(isThere: BooleanConstructor): Array<Exclude<T, null | undefined | false | '' | 0>>;
}
interface ReadonlyArray<T> {
  filter(isThere: BooleanConstructor): Array<Exclude<T, null | undefined | false | '' | 0>>;
}
type Stage<P, I, R> = (previous: Awaited<P>, item: I, index: number) => R | Promise<R>;
type Validator<T> = (value: T) => { ok: boolean; feedback?: string } | Promise<{ ok: boolean; feedback?: string }>;
interface Verdict {
  real: boolean;
  realCount: number;
  total: number;
  votes: Array<{ real: boolean; reason?: string }>;
}
interface Judgement<T> {
  index: number;
  attempt: T;
  score: number;
  judgments: Array<{ score: number; reason?: string }>;
}

interface Meta {
  /** Name of the workflow. A saved workflow is called by it: `workflow('name')`, `callsheet run name`. */
  name: string;
  /** What the workflow does, in one sentence. */
  description: string;
  /** When to choose this workflow. */
  whenToUse?: string;
  /** Default model of the whole run; calls, agent types, tiers and phases may choose another. Default: the session's. */
  model?: string;
  /** The phases in order. They group the views, and a phase's `model` is the default of its calls. */
  phases?: Array<{ title: string, detail?: string, model?: string }>;
}

interface AgentOptions {
  /** Name of this call in every view. Default: the prompt with white space folded, cut to 60 characters. */
  label?: string;
  /** Phase of this call. Inside a fan-out this is the way to set it: `phase()` there would race. Default: the phase current when `agent()` is called, else the first declared one. */
  phase?: string;
  /** JSON Schema (Draft 2020-12, root `type: "object"`) of the result. The call then gives an object that is valid against it, and throws `SCHEMA_NONCOMPLIANCE` when the agent fails it 5 times. Default: none: the result is the agent's final text. */
  schema?: JSONSchema;
  /** Model of this call: `provider/model`, a bare model name, or an alias: `haiku`, `sonnet`, `opus`, `fable`, `inherit`, or one of the settings. Default: the agent type's, then the tier's, the phase's, `meta.model`, the session's. */
  model?: string;
  /** Reasoning effort, passed on where the model has one. Default: the model's own. */
  effort?: "low" | "medium" | "high" | "xhigh" | "max";
  /** A model by purpose: `small`, `medium`, `big`, or a tier of the settings. Default: none. */
  tier?: "small" | "medium" | "big" | (string & {});
  /** Run in a git worktree of its own. What the agent changes is kept as a commit to review; nothing is merged by itself. Default: the shared working directory. */
  isolation?: "worktree";
  /** A named agent definition: `general-purpose`, `Explore`, `Plan`, or a Markdown file in `.callsheet/agents/`, `.claude/agents/`, `.pi/agents/`. Default: `general-purpose`. */
  agentType?: string;
  /** Narrows the tools of this call: `read`, `write`, `edit`, `bash`, `grep`, `find`, `ls`. Default: those of the agent type. */
  tools?: string[];
  /** Limit on each try in milliseconds, from when it starts; waiting for a free place does not count. `null` is no limit. Default: 300,000 (five minutes). */
  timeoutMs?: number | null;
  /** Further tries after a failure that may pass, 0 to 3. Default: 0. */
  retries?: number;
}

interface VerifyOptions {
  /** How many reviewers. Default: 2. */
  reviewers?: number;
  /** Share of reviewers, 0 to 1, who must find it real. Default: 0.5. */
  threshold?: number;
  /** What to look at; reviewers take turns over a list. */
  lens?: string | string[];
}

interface JudgePanelOptions {
  /** How many judges per attempt. Default: 3. */
  judges?: number;
  /** What makes an attempt good. */
  rubric?: string;
}

interface LoopUntilDryOptions<T> {
  /** One round; it gets its index from 0. */
  round: (index: number) => Promise<T[] | null>;
  /** What makes two items the same. Default: `JSON.stringify`. */
  key?: (item: T) => string;
  /** How many empty rounds in a row end it. Default: 2. */
  consecutiveEmpty?: number;
  /** The most rounds. Default: 50. */
  maxRounds?: number;
}

interface RetryOptions {
  /** The most attempts. Default: 3. */
  attempts?: number;
  /** Whether a value is good enough. */
  until?: (value: any) => boolean | Promise<boolean>;
}

interface GateOptions {
  /** The most attempts. Default: 3. */
  attempts?: number;
}

interface CheckpointOptions {
  /** Yes or no, free text, or one of `choices`. Default: `"confirm"`. */
  kind?: "confirm" | "input" | "select";
  /** What to select from. */
  choices?: string[];
  /** The answer when nobody can be asked. */
  default?: any;
  /** How long to wait, in milliseconds; then `default` counts. Default: no limit. */
  timeoutMs?: number | null;
}

/**
 * Sends a prompt to an agent and gives its result.
 *
 * The result is the agent's final text, or with a `schema` an object valid against it. It is `null` when the agent timed out, failed, answered nothing or was skipped: check for it. An invalid call, a schema that is never met, an exhausted budget and a stop throw.
 *
 * A run makes at most 1,000 agent calls.
 */
declare function agent<const S extends JSONSchema>(
  prompt: string,
  options: AgentOptions & { schema: S },
): Promise<FromSchema<S> | null>;
declare function agent(prompt: string, options?: AgentOptions & { schema?: undefined }): Promise<string | null>;
declare function agent(prompt: string, options?: AgentOptions): Promise<any>;

/**
 * Runs functions at the same time and waits for all of them.
 *
 * Takes an array of functions, not of promises, and keeps their order. A function that throws gives `null` in its place; errors that end the run reject the whole call.
 *
 * At most 4,096 items.
 */
declare function parallel<const T extends ReadonlyArray<() => any>>(
  thunks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> | null }>;

/**
 * Takes each item through the stages, without waiting for the other items.
 *
 * Each stage gets what the stage before gave, the item and its index. The results keep the items' order. A stage that throws makes the item's result `null`; a `null` that a stage *returns* flows on to the next stage.
 *
 * At most 4,096 items.
 */
declare function pipeline<I, A>(
  items: readonly I[],
  first: Stage<I, I, A>,
): Promise<Array<A | null>>;
declare function pipeline<I, A, B>(
  items: readonly I[],
  first: Stage<I, I, A>,
  second: Stage<A, I, B>,
): Promise<Array<B | null>>;
declare function pipeline<I, A, B, C>(
  items: readonly I[],
  first: Stage<I, I, A>,
  second: Stage<A, I, B>,
  third: Stage<B, I, C>,
): Promise<Array<C | null>>;
declare function pipeline<I>(items: readonly I[], ...stages: Array<Stage<any, I, any>>): Promise<any[]>;

/**
 * Runs another workflow and gives its result.
 *
 * The child has its own `args`, `meta` and phases; it shares limits, budget and journal. One level deep: a child cannot call `workflow()`.
 */
declare function workflow(name: string | { scriptPath: string }, args?: any): Promise<any>;

/**
 * Starts a phase: calls made after it belong to it.
 *
 * A title that `meta.phases` does not declare makes a new group. Inside a fan-out use the option `phase` of `agent()`.
 */
declare function phase(title: string, options?: { budget?: number }): void;

/**
 * Writes a line to the run's log.
 *
 * Strings as they are, other values as JSON; at most 10,000 characters a line.
 */
declare function log(message: any): void;

/**
 * What the run was started with; `undefined` when nothing was given.
 *
 * A string that holds a JSON object or array arrives parsed.
 */
declare const args: any;

/**
 * The run's token budget.
 *
 * `total` is `null` when none is set, and then `remaining()` is `Infinity`. It is an object, not a function.
 */
declare const budget: { total: number | null; spent(): number; remaining(): number };

/** The run's working directory. */
declare const cwd: string;

/**
 * Only `process.cwd()`.
 *
 * There is no environment, no arguments and no exit: use `args`, `return` and `throw`.
 */
declare const process: { cwd(): string };

/**
 * Writes to the run's log, as `log` does.
 *
 * Several arguments are joined by a space.
 */
declare const console: { log(...values: any[]): void; info(...values: any[]): void; warn(...values: any[]): void; error(...values: any[]): void; debug(...values: any[]): void };

/**
 * Asks several reviewers whether a finding is real.
 *
 * Gives `{ real, realCount, total, votes }`. Reviewers that failed are left out of `total`; the item is real when `realCount / total` reaches the threshold. Several lenses take turns.
 */
declare function verify(item: any, options?: VerifyOptions): Promise<Verdict>;

/**
 * Lets a panel of judges score attempts and gives the best.
 *
 * Gives `{ index, attempt, score, judgments }`, or `undefined` when there are no attempts. Scores go from 0 to 1; an attempt's score is the mean of the judgments that came; ties go to the first.
 */
declare function judgePanel<T>(attempts: T[], options?: JudgePanelOptions): Promise<Judgement<T> | undefined>;

/**
 * Repeats a round of search until it finds nothing new.
 *
 * Gives the items of all rounds, unique by `key`. A round that gives null, no array or nothing new counts as empty. Running out of budget or agents gives what there is.
 */
declare function loopUntilDry<T>(options: LoopUntilDryOptions<T>): Promise<T[]>;

/**
 * Asks an agent whether the results cover the task.
 *
 * Results are cut to what fits, and the prompt says so.
 */
declare function completenessCheck(task: string, results: any): Promise<{ complete: boolean, missing?: string[] } | null>;

/**
 * Repeats a call until its value is accepted.
 *
 * Gives the first value that `until` accepts, else the last one. Without `until` the first value counts. A throw goes through.
 */
declare function retry<T>(thunk: (attempt: number) => T | Promise<T>, options?: RetryOptions): Promise<T>;

/**
 * Repeats a call with the validator's feedback until it passes.
 *
 * The validator gives `{ ok, feedback? }`, also as a promise.
 */
declare function gate<T>(thunk: (feedback: string | undefined, attempt: number) => T | Promise<T>, validator: Validator<T>, options?: GateOptions): Promise<{ ok: boolean, value: T, attempts: number }>;

/**
 * Asks the person, in the editor or the terminal, and waits for the answer.
 *
 * The answer is journaled, so a resumed run does not ask again. Where nobody can be asked the run takes `default`, or fails with `NOBODY_TO_ASK`.
 */
declare function checkpoint(question: string, options?: CheckpointOptions): Promise<any>;

declare function structuredClone<T>(value: T): T;
declare function queueMicrotask(callback: () => void): void;
/** In virtual time: never waits for the clock. */
declare function setTimeout(callback: (...values: any[]) => void, delayMs?: number, ...values: any[]): number;
declare function clearTimeout(timer?: number): void;
declare class URL {
  constructor(url: string, base?: string | URL);
  static canParse(url: string, base?: string): boolean;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: string | Record<string, string> | Iterable<[string, string]>);
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(callback: (value: string, name: string) => void): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare class TextEncoder {
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer): string;
}
