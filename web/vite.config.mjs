// Builds src/main.ts into ../build/web/assets, every file named by its content, and a manifest that
// says which one a page loads first. tools/build-web runs it.
//
// SPDX-License-Identifier: Apache-2.0
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const messages = fileURLToPath(new URL('../messages/', import.meta.url));

// messages/<language>/script.messages, the same files that the server's sentences come from.
function words() {
  const languages = {};
  for (const language of readdirSync(messages).sort()) {
    const said = {};
    const file = `${messages}${language}/script.messages`;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const cut = line.indexOf(' = ');
      if (cut > 0 && !line.startsWith('#')) said[line.slice('script.'.length, cut)] = line.slice(cut + 3).trim();
    }
    languages[language] = said;
  }
  return languages;
}

const id = 'virtual:words';
const wordsOfMessages = {
  name: 'words-of-messages',
  resolveId: (source) => (source === id ? `\0${id}` : null),
  load: (source) => (source === `\0${id}` ? `export default ${JSON.stringify(words())}` : null),
};

export default defineConfig({
  base: '/assets/',
  plugins: [wordsOfMessages],
  publicDir: false,
  build: {
    outDir: '../build/web/assets',
    emptyOutDir: true,
    assetsDir: '.',
    manifest: 'manifest.json',
    target: 'es2020',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    assetsInlineLimit: 0, // the content security policy allows no data: addresses
    rollupOptions: {
      input: 'src/main.ts',
      output: {
        // Letters and digits only: the server tells by them that a file may be kept for a year.
        hashCharacters: 'hex',
        entryFileNames: 'lightsout-[hash:12].js',
        chunkFileNames: '[name]-[hash:12].js',
        assetFileNames: '[name]-[hash:12][extname]',
      },
    },
  },
});
