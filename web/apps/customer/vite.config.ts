import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/i/',
  plugins: [vue()],
  define: { __VUE_OPTIONS_API__: 'false', __VUE_I18N_LEGACY_API__: 'false', __INTLIFY_PROD_DEVTOOLS__: 'false' },
  build: {
    // In-app browsers of phones that are some years old.
    target: ['es2022', 'chrome94', 'safari15.4', 'firefox100'],
    chunkSizeWarningLimit: 300,
  },
  server: {
    proxy: { '/api': { target: 'https://localhost:8443', secure: false, ws: true } },
  },
});
