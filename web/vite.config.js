import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

// Below this many bytes compressing saves no packet.
const WORTHWHILE = 1024;

/** Writes each file once more as .br and .gz, so that the service compresses nothing while it serves. */
function precompress() {
  let folder;
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle() {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        if (bytes.length < WORTHWHILE) continue;
        const hint = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: hint }));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** The address of the page's worker, whose script shares its modules with the page's instead of having them again. */
function sharedWorker() {
  const name = "virtual:hub-worker";
  let isBuild;
  return {
    name: "shared-worker",
    configResolved({ command }) {
      isBuild = command === "build";
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      if (!isBuild) return 'export default "/src/watch/worker.ts"';
      const chunk = this.emitFile({ type: "chunk", id: "/src/watch/worker.ts", name: "worker" });
      return `export default import.meta.ROLLUP_FILE_URL_${chunk}`;
    },
  };
}

export default defineConfig({
  plugins: [sharedWorker(), precompress()],
  build: {
    outDir: process.env.PAGE_OUTPUT ?? "../artifacts/page",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  // npm run dev: the page from here, its calls to a service that runs beside it.
  server: { proxy: { "^/(chat|grpc)\\.": "http://localhost:5080" } },
});
