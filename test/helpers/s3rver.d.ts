declare module 's3rver' {
  type Options = { [name: string]: unknown }
  type Context = { req: unknown; status: number; body: unknown }
  class S3rver {
    middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[]
    constructor(options: Options)
    run(): Promise<{ address: string; port: number }>
    close(): Promise<void>
  }
  export default S3rver
}
