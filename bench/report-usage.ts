import { writeFileSync } from 'node:fs';

// Loaded before a program (`node --import`), it writes what the process used into the file USAGE_FILE when it ends.
const file = process.env.USAGE_FILE;
if (file !== undefined) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(
      file,
      JSON.stringify({ peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }),
    );
  });
}
