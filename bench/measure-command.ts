import { spawn } from 'node:child_process';

/** How long a command took; throws with its output if it failed. */
export async function secondsOf(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<number> {
  const start = performance.now();
  const output: Buffer[] = [];
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => output.push(bytes));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${String(code)}:\n${Buffer.concat(output).toString()}`,
    );
  return (performance.now() - start) / 1000;
}
