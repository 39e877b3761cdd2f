import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** While developing, the interface comes from a server that runs; its certificate is its own. */
const kServer = process.env['TELEWITNESS_SERVER'] ?? 'https://localhost:8443';

export default defineConfig({
  base: '/workbench/',
  plugins: [vue()],
  build: { outDir: 'dist', target: 'es2022', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/api': { target: kServer, secure: false, ws: true } } },
});
