import { expect, it } from 'vitest';
import { boundedTasks } from '../../pipeline/bounded-tasks.ts';

/** Tasks that end when they are told to, and what began so far. */
function gates() {
  const began: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<undefined>>();
  return {
    began,
    task: (name: string) => async () => {
      began.push(name);
      const gate = Promise.withResolvers<undefined>();
      ends.set(name, gate);
      await gate.promise;
    },
    end: (name: string, error?: Error) => {
      if (error) ends.get(name)?.reject(error);
      else ends.get(name)?.resolve(undefined);
      return new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('begins tasks beside each other while they cost no more than is allowed', async () => {
  const { began, task, end } = gates();
  const tasks = boundedTasks(10);
  await tasks.begin(task('a'), 4);
  await tasks.begin(task('b'), 6);
  const third = tasks.begin(task('c'), 5);
  expect(began).toEqual(['a', 'b']);
  await end('a');
  expect(began).toEqual(['a', 'b']); // 6 and 5 are more than 10
  await end('b');
  await third;
  expect(began).toEqual(['a', 'b', 'c']);
  await end('c');
  await tasks.end();
});

it('begins a task that costs more than is allowed when it is alone', async () => {
  const { began, task, end } = gates();
  const tasks = boundedTasks(10);
  await tasks.begin(task('small'), 1);
  const large = tasks.begin(task('large'), 50);
  expect(began).toEqual(['small']);
  await end('small');
  await large;
  expect(began).toEqual(['small', 'large']);
  await end('large');
  await tasks.end();
});

it('throws what a task threw when the next one would begin, and when all are done', async () => {
  const { task, end } = gates();
  const tasks = boundedTasks(2);
  await tasks.begin(task('a'));
  await end('a', new Error('no space'));
  await expect(tasks.begin(task('b'))).rejects.toThrow('no space');
  await expect(tasks.end()).rejects.toThrow('no space');
  await tasks.settled();
});
