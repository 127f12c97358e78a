/** A file that the bundler puts beside the scripts: its address, relative to the script that asks. */
declare module "*?url" {
  const url: string;
  export default url;
}
