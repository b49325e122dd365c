// @ts-check
// Unpacks the package's Chromium into the folder for temporary files. The package unpacks the required libraries only
// if the environment looks like AWS Lambda: see browser.ts, which starts this script as a process.
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
