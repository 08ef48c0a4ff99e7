// What vite.config.mjs makes while it builds.
// SPDX-License-Identifier: Apache-2.0
declare module 'virtual:words' {
  const languages: Record<string, Record<string, string>>;
  export default languages;
}
declare module '*.css';
declare module '*.css?url' {
  const address: string;
  export default address;
}
