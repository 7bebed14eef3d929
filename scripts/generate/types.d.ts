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
