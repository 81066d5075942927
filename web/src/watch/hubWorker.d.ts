declare module "virtual:hub-worker" {
  /** Where the script of the worker is. */
  const address: string;
  export default address;
}
