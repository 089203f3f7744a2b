import preact from "@preact/preset-vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  base: "/static/",
  plugins: [preact()],
  build: {
    outDir: "../bundle",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    license: { fileName: "licences.md" },
    chunkSizeWarningLimit: 1500,
  },
  test: { environment: "jsdom" },
});
