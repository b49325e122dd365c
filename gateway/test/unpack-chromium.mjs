// @ts-check
// Unpacks the Chromium that the package brings, into the folder for temporary files. Its libraries it unpacks
// only where it believes itself at home: see browser.ts, which starts this as a process.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
